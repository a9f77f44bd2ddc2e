namespace Gateway.Edge.Caching;

/// <summary>One cache as policies mean it: this edge's memory, what is purged of it, and a store that edges share; null for none.</summary>
/// <param name="region">What is purged of it.</param>
/// <param name="store">The store.</param>
/// <param name="election">Who makes what is missing in the store; null when each edge sees to that by itself.</param>
internal sealed class CacheLayer(CacheRegion region, RedisCacheStore? store, RefillElection? election) : IAsyncDisposable
{
    /// <summary>What is purged.</summary>
    public CacheRegion Region => region;

    /// <summary>The store.</summary>
    public RedisCacheStore? Store => store;

    /// <summary>Who makes what is missing in the store, over all edges; null when each edge sees to that by itself.</summary>
    public RefillElection? Election => election;

    /// <summary>The responses of it that requests of this edge look for most.</summary>
    public HotResponses Hot => region.Hot;

    /// <summary>A key in this edge's memory: caches do not see each other's entries.</summary>
    public object KeyOf(object key) => new MemoryKey(this, key);

    public async ValueTask DisposeAsync()
    {
        await region.DisposeAsync();
        if (election is not null)
        {
            await election.DisposeAsync();
        }

        if (store is not null)
        {
            await store.DisposeAsync();
        }
    }

    private sealed record MemoryKey(CacheLayer Layer, object Key);
}
