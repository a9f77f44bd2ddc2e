using Gateway.Contracts.Catalog;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Storage;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Catalog;

/// <summary>The writer and readers of one silo without its grains: as many on one store as a test wants.</summary>
internal sealed class CatalogCore
{
    private static readonly SiteKey _siteKey = SiteKey.Generate();

    public CatalogCore(TestStore store, string serviceId)
    {
        var options = new CatalogOptions { ServiceId = serviceId, SiteKey = _siteKey };
        var redis = new RedisStore(store.Connection, new KeySpace(serviceId), NullLogger<RedisStore>.Instance);
        var content = new RecordContent(options);
        Store = new CatalogStore(redis);
        Source = new CatalogSource(Store, content);
        Committer = new CatalogCommitter(redis, Store, Source, content, Lineage, TimeProvider.System, NullLogger<CatalogCommitter>.Instance);
    }

    public CatalogStore Store { get; }

    public CatalogSource Source { get; }

    public CatalogCommitter Committer { get; }

    public SiteLineage Lineage { get; } = new();

    public async Task<CatalogCore> BeginAsync()
    {
        Lineage.Begin(await Store.EnsureLineageAsync(LineageRecord.Begin(TimeProvider.System.GetUtcNow())));
        return this;
    }

    public Task<CommitOutcome> Commit(params Change[] changes) =>
        Committer.CommitAsync(new CommitRequest(ChangeReader.Read(new ChangeSet(changes)).Value!, []));
}
