namespace Gateway.Edge.Caching;

/// <summary>One cache as policies mean it: this edge's memory, what is purged of it, and a store that edges share; null for none.</summary>
internal sealed class CacheLayer(CacheRegion region, RedisCacheStore? store) : IAsyncDisposable
{
    /// <summary>What is purged.</summary>
    public CacheRegion Region => region;

    /// <summary>The store.</summary>
    public RedisCacheStore? Store => store;

    /// <summary>A key in this edge's memory: caches do not see each other's entries.</summary>
    public object KeyOf(object key) => new MemoryKey(this, key);

    public async ValueTask DisposeAsync()
    {
        await region.DisposeAsync();
        if (store is not null)
        {
            await store.DisposeAsync();
        }
    }

    private sealed record MemoryKey(CacheLayer Layer, object Key);
}
