using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Federation;
using Gateway.Grains.Storage;
using Orleans.Concurrency;

namespace Gateway.Grains.Catalog;

/// <inheritdoc cref="ICatalogReader" />
/// <remarks>A federated site has no catalog of its own: it tells what its copy of the hub's publication knows.</remarks>
[StatelessWorker]
internal sealed class CatalogReader(RedisStore redis, CatalogStore store, RecordContent content, SiteLineage lineage, HubCatalog? hub = null) : Grain, ICatalogReader
{
    private const int MaximumTop = 1000;

    /// <inheritdoc />
    public async Task<Result<Resource>> Get(string id, CancellationToken cancellationToken)
    {
        if (hub is not null)
        {
            return await redis.TryAsync(() => hub.GetAsync(ResourceKinds.Match(id)?.Id ?? id));
        }

        var record = await ReadAsync(id);
        return record.IsSuccess ? content.ToResource(record.Value) : record.Errors;
    }

    /// <inheritdoc />
    public async Task<Result<byte[]>> GetSecrets(string id, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(id);
        return record.IsSuccess ? content.Secrets(record.Value) : record.Errors;
    }

    /// <inheritdoc />
    public Task<Result<ResourcePage>> List(ResourceQuery query, CancellationToken cancellationToken) => redis.TryAsync<ResourcePage>(async () =>
    {
        // A collection is what its members' paths have before their last segment.
        if (query.Skip < 0 || query.Top is < 1 or > MaximumTop)
        {
            return new GatewayError(ErrorKind.ValidationError, $"skip must be 0 or more, top 1 to {MaximumTop}.");
        }

        var probe = (ResourceKinds.Match(query.Collection + "/policy") ?? ResourceKinds.Match(query.Collection + "/x"))?.Id;
        if (probe is null)
        {
            return NotFound(query.Collection);
        }

        var collection = ResourcePath.Collection(probe);
        if (hub is not null)
        {
            return await hub.ListAsync(collection, query.Skip, query.Top);
        }

        if (ResourcePath.Parent(probe) is { } parent && !ResourceKinds.IsBuiltIn(parent))
        {
            var found = await FindAsync(parent);
            if (!found.IsSuccess)
            {
                return found.Errors;
            }
        }

        var ids = (await store.ReadIdsAsync(collection)).Where(id => id.LastIndexOf('/') == collection.Length).ToList();
        var records = await store.ReadAsync([.. ids.Skip(query.Skip).Take(query.Top)]);
        return ids.Count == 0 && lineage.Check((await store.ReadHeadAsync()).Lineage) is { } unusable
            ? unusable
            : new ResourcePage([.. records.OfType<CatalogRecord>().Select(content.ToResource)], ids.Count);
    });

    private static GatewayError NotFound(string id) => new(ErrorKind.ResourceNotFound, $"'{id}' does not exist.");

    private Task<Result<CatalogRecord>> ReadAsync(string id) => redis.TryAsync(() => FindAsync(id));

    private async Task<Result<CatalogRecord>> FindAsync(string id)
    {
        if (ResourceKinds.Match(id) is not { } match)
        {
            return NotFound(id);
        }

        if ((await store.ReadAsync([match.Id]))[0] is { } record)
        {
            return record;
        }

        // Nothing there: because it does not exist, or because the store was flushed?
        return lineage.Check((await store.ReadHeadAsync()).Lineage) ?? NotFound(match.Id);
    }
}
