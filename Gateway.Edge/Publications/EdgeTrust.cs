using Gateway.Contracts.Publications;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>What an edge's data folder says about whose publications it accepts; for the tool, while the edge does not run.</summary>
public static class EdgeTrust
{
    /// <summary>The folder of the backup in a data folder, when the settings name no other.</summary>
    public const string BackupFolder = "backup";

    /// <summary>The fingerprints of the pinned keys: the one in force, and the one before it; none when nothing is pinned.</summary>
    /// <exception cref="ExitException">The pinned key is damaged: code 4.</exception>
    public static IReadOnlyList<string> Fingerprints(string dataPath) => [.. TrustStore.Pinned(dataPath).Select(key => ManifestVerifier.Fingerprint(key))];

    /// <summary>The newest publication that was in force there; null for none.</summary>
    /// <exception cref="ExitException">The file is damaged: code 4.</exception>
    public static PublicationId? Seen(string dataPath) => PublicationFloor.Open(Options(dataPath)).Seen;

    /// <summary>
    /// Forgets the pinned key, and what would hold on to it: which publication was seen last, and the backup. Gives the files removed.
    /// </summary>
    /// <param name="dataPath">The data folder; the caller holds its lock.</param>
    /// <param name="backupPath">The folder of the backup.</param>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public static IReadOnlyList<string> Reset(string dataPath, string backupPath)
    {
        string[] files =
        [
            .. PublicationBackup.Manifests.Select(name => Path.Combine(backupPath, name)),
            Path.Combine(dataPath, PublicationFloor.FileName),
            Path.Combine(dataPath, TrustStore.FileName),
        ];
        string[] there = [.. files.Where(File.Exists)];
        foreach (var file in there)
        {
            File.Delete(file);
        }

        return there;
    }

    private static PublicationFeedOptions Options(string dataPath) => new() { Gateway = "", Node = "", DataPath = dataPath };
}
