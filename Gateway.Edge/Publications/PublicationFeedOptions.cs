using Gateway.Hosting.Data;
using Gateway.Hosting.Settings;
using Gateway.Policies.Expressions;

namespace Gateway.Edge.Publications;

/// <summary>How an edge follows the publications of its gateway.</summary>
public sealed record PublicationFeedOptions
{
    /// <summary>The gateway that this edge serves.</summary>
    public required string Gateway { get; init; }

    /// <summary>This edge's name, said with every poll.</summary>
    public required string Node { get; init; }

    /// <summary>This edge's labels, said with every poll.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>The folder of the pinned key and of the newest publication seen.</summary>
    public required string DataPath { get; init; }

    /// <summary>The expression ABIs that this edge runs programs of, the best first.</summary>
    public IReadOnlyList<int> ExpressionAbis { get; init; } = ExpressionAbi.Runs;

    /// <summary>How long a poll waits for a newer publication.</summary>
    public TimeSpan PollWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause after a poll that failed; grows to <see cref="MaximumRetryDelay"/>, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between polls that fail: how late an edge may notice that silos are back.</summary>
    public TimeSpan MaximumRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its wait the answer to a poll may come: how late an edge notices that a silo hangs.</summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The bound of one poll with all that follows from it. A fetch that takes longer goes on where it ended.</summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an edge that starts waits for a silo before it looks at its backup.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an edge that starts may have no answer before it warns of it: its connection is made at the same time.</summary>
    public TimeSpan QuietStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The folder of the backup; null keeps none.</summary>
    public string? BackupPath { get; init; }

    /// <summary>A file with the keys of the backup, the one that encrypts first; null for a key derived from the publication key.</summary>
    public string? BackupKeyFile { get; init; }

    /// <summary>How often at most something is written: of the publications that come into force within that time the newest is.</summary>
    public TimeSpan BackupPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A PEM file with the public key that signs manifests; null pins the first key seen.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>Nothing older is accepted: a number, or lineage/number.</summary>
    public string? MinimumPublication { get; init; }

    /// <summary>The options that the settings of the process give.</summary>
    public static PublicationFeedOptions From(GatewaySettings settings, DataFolder data) => new()
    {
        Gateway = settings.GatewayId,
        Node = settings.NodeName,
        Labels = settings.Edge.Labels,
        DataPath = data.Root,
        PollWait = settings.Publications.PollWait,
        RetryDelay = settings.Publications.RetryDelay,
        BackupPath = settings.Backup.Enabled ? settings.Backup.Path ?? data.In(EdgeTrust.BackupFolder) : null,
        BackupKeyFile = settings.Backup.KeyFile,
        BackupPeriod = settings.Backup.Period,
        PublicKeyFile = settings.Trust.PublicKeyFile,
        MinimumPublication = settings.Trust.MinimumPublication,
    };
}
