using Gateway.Contracts.Backups;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Publications;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Backups;

/// <inheritdoc cref="IBackupGrain" />
[StatelessWorker(1)]
internal sealed partial class BackupGrain(
    RedisStore redis, CatalogSource source, SiteLineage lineage, IPublicationStore publications, BackupCodec codec, CatalogRestore restore, ICatalogNotifier notifier,
    TimeProvider time, CatalogOptions options, ILogger<BackupGrain> logger) : Grain, IBackupGrain
{
    /// <inheritdoc />
    public Task<Result<BackupFile>> Make(CancellationToken cancellationToken) => redis.TryAsync(async () =>
    {
        var all = await source.ReadRecordsSinceAsync(null);
        if (lineage.Check(all.Lineage) is { } unusable)
        {
            return unusable;
        }

        var backup = new CatalogBackup
        {
            ServiceId = options.ServiceId,
            MadeAt = time.GetUtcNow(),
            Lineage = all.Lineage!,
            Version = all.Version,
            SigningKey = await publications.FindSigningKeyAsync(),
            Records = [.. all.Records.Values.Select(record => record!)],
        };
        return await Task.Run(() => codec.Write(backup), cancellationToken);
    });

    /// <inheritdoc />
    public async Task<Result<RestoreReceipt>> Restore(BackupFile file, bool replace)
    {
        var read = await Task.Run(() => codec.Read(file));
        if (!read.IsSuccess)
        {
            return read.Errors;
        }

        var receipt = await redis.TryAsync(() => restore.RunAsync(read.Value, replace));
        if (receipt.IsSuccess)
        {
            Log.Restored(logger, receipt.Value.Resources, receipt.Value.MadeAt, receipt.Value.Lineage);
            await GrainFactory.GetGrain<ICatalogGrain>(CatalogKeys.Service).Forget();
            notifier.Notify(receipt.Value.Version, await source.ReadGatewaysAsync());
        }

        return receipt;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The catalog was replaced by the {Resources} resources of the backup of {MadeAt:u}; lineage {Lineage} begins.")]
        public static partial void Restored(ILogger logger, int resources, DateTimeOffset madeAt, string lineage);
    }
}
