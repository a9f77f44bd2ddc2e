namespace Gateway.Edge.Caching;

/// <summary>One cache as policies mean it: this edge's memory, and behind it a store that edges share; null for none.</summary>
internal sealed class CacheLayer(RedisCacheStore? store)
{
    /// <summary>The store.</summary>
    public RedisCacheStore? Store => store;

    /// <summary>A key in this edge's memory: caches do not see each other's entries.</summary>
    public object KeyOf(object key) => new MemoryKey(this, key);

    private sealed record MemoryKey(CacheLayer Layer, object Key);
}
