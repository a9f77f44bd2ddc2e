using Gateway.Grains.Catalog.Records;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Catalog;

/// <summary>
/// Begins the catalog's lineage when the first silo starts, before any grain runs. Only here: a silo that finds the
/// lineage gone later knows that the store was flushed.
/// </summary>
internal sealed partial class CatalogStartup(CatalogStore store, SiteLineage lineage, TimeProvider time, ILogger<CatalogStartup> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc />
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(CatalogStartup), ServiceLifecycleStage.ApplicationServices, StartAsync);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (lineage.Remembered is { } remembered && (await store.ReadHeadAsync()).Lineage is null)
        {
            // A new lineage here would be one that no edge follows, and would hide the loss.
            lineage.Begin(new LineageRecord { Id = remembered, CreatedAt = time.GetUtcNow() });
            Log.Lost(logger, remembered);
            return;
        }

        var proposed = LineageRecord.Begin(time.GetUtcNow());
        var stored = await store.EnsureLineageAsync(proposed);
        lineage.Begin(stored);
        if (stored.Id == proposed.Id)
        {
            Log.Begun(logger, stored.Id);
        }
        else
        {
            Log.Found(logger, stored.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The state store held no catalog: a new lineage {Lineage} begins.")]
        public static partial void Begun(ILogger logger, string lineage);

        [LoggerMessage(2, LogLevel.Information, "The catalog in the state store has the lineage {Lineage}.")]
        public static partial void Found(ILogger logger, string lineage);

        [LoggerMessage(3, LogLevel.Error, "The state store has lost the catalog of lineage {Lineage}, which this silo worked on: it was flushed or replaced. Nothing is written until it is restored (`gateway restore`).")]
        public static partial void Lost(ILogger logger, string lineage);
    }
}
