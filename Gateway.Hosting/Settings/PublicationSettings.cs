using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The making of publications on silos and the fetching of them by edges.</summary>
public sealed record PublicationSettings
{
    /// <summary>How long an edge's poll waits for a newer publication. Shorter polls notice a lost silo earlier.</summary>
    [Period("100ms", "4s")] public TimeSpan PollWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An edge's pause after a poll that failed.</summary>
    [Period("10ms", "1m")] public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a silo looks whether the catalog has a version that it was not told of.</summary>
    [Period("100ms", "1h")] public TimeSpan CatalogCheckPeriod { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The edge's encrypted copy of the publication in force, from which it starts when no silo answers.</summary>
public sealed record BackupSettings
{
    /// <summary>Whether it is kept.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Its folder. Default: <c>backup</c> in the data folder.</summary>
    public string? Path { get; init; }

    /// <summary>A file with a key of 32 bytes in base64 that encrypts it; keys on further lines, up to seven, still open what they encrypted. Default: the publication key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How often at most it is written: of the publications that come into force within that time the newest is.</summary>
    [Period("0s", "1m")] public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Whose publications an edge accepts.</summary>
public sealed record TrustSettings
{
    /// <summary>A PEM file with the public key that signs manifests. Default: the first key seen is kept in the data folder, and no other is accepted.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>Nothing older is accepted: a publication number, or lineage/number.</summary>
    [PublicationFloor] public string? MinimumPublication { get; init; }

    /// <summary>
    /// Which key of the site signs publications: 1 is the first; a silo that starts with a greater number than the site has reached makes a new
    /// key, signed by the one before, and edges follow. A lower number changes nothing.
    /// </summary>
    [Between(1, 1000)] public int SigningKeyGeneration { get; init; } = 1;
}
