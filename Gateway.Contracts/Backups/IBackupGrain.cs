using Gateway.Contracts.Results;

namespace Gateway.Contracts.Backups;

/// <summary>Copies the catalog to a file and back. A stateless worker. Key: <see cref="Catalog.CatalogKeys.Service"/>.</summary>
[Alias("gw.IBackupGrain")]
public interface IBackupGrain : IGrainWithStringKey
{
    /// <summary>The whole catalog as of one version, sealed under the site key.</summary>
    [Alias("Make"), ResponseTimeout("00:05:00")]
    Task<Result<BackupFile>> Make(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the catalog by that of a file, and begins a lineage that continues those of both. Nothing is touched before the whole file was read.
    /// An error of the kind <see cref="ErrorKind.ServiceUnavailable"/> may leave the catalog unusable until the restore is repeated, and says so.
    /// </summary>
    /// <param name="file">What <see cref="Make"/> gave.</param>
    /// <param name="replace">False refuses when the catalog holds any resource.</param>
    [Alias("Restore"), ResponseTimeout("00:05:00")]
    Task<Result<RestoreReceipt>> Restore(BackupFile file, bool replace);
}

/// <summary>The bytes of a backup.</summary>
[GenerateSerializer, Immutable, Alias("gw.BackupFile")]
public sealed record BackupFile([property: Id(0)] byte[] Content)
{
    /// <summary>Bytes at most.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;
}

/// <summary>What a restore did.</summary>
/// <param name="Lineage">The lineage that began.</param>
/// <param name="Version">The catalog's version.</param>
/// <param name="Resources">How many resources it holds.</param>
/// <param name="MadeAt">When the backup was made.</param>
[GenerateSerializer, Immutable, Alias("gw.RestoreReceipt")]
public sealed record RestoreReceipt(
    [property: Id(0)] string Lineage,
    [property: Id(1)] long Version,
    [property: Id(2)] int Resources,
    [property: Id(3)] DateTimeOffset MadeAt);
