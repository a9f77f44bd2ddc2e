using Gateway.Policies.Caching;
using Gateway.Policies.Execution;
using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>Responses in this edge's memory and in stores.</summary>
internal sealed class ResponseCache(CacheMemory memory, CacheLayers layers, CacheOptions options, TimeProvider time) : IResponseCache
{
    private long _reserved;

    public int MaximumEntryBytes => options.ResponseBytes;

    /// <summary>What responses that are coming in take.</summary>
    public long ReservedBytes => Interlocked.Read(ref _reserved);

    public ValueTask<CacheFind> FindAsync(CachingType type, ResponseKey key, string? api, string? operation, bool isAnew) =>
        layers.For(type) is not { } layer ? new(CacheFind.Nothing(null))
        : layer.Region.TryGet(out var purges) ? FindAsync(layer, purges, key, api, operation, isAnew)
        : ConfirmAndFindAsync(layer, key, api, operation, isAnew);

    public void Note(CachingType type, ResponseKey key, PolicyContext context, bool isHit) => layers.For(type)?.Hot.Note(key, context, isHit);

    public Task<bool> Store(CachingType type, ResponseKey key, CachedEntry entry)
    {
        if (layers.For(type) is not { } layer)
        {
            return RedisCacheStore.Not;
        }

        memory.Set(layer.KeyOf(key), entry, Size(key, entry), entry.Expires);
        return layer.Store?.Set(KeyIn(layer.Store, key), entry.Bytes, entry.Expires - entry.Stored) ?? RedisCacheStore.Not;
    }

    public bool TryReserve(long bytes)
    {
        // What is coming in is not in the memory that is bounded yet.
        if (Interlocked.Add(ref _reserved, bytes) <= options.MemoryBytes / 2)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _reserved, -bytes);

    private static RedisKey KeyIn(RedisCacheStore store, ResponseKey key) => store.KeyOf('r', key);

    /// <summary>The key and the bytes, and the headers once more as text.</summary>
    private static long Size(ResponseKey key, CachedEntry entry) => key.Length + (3L * entry.Bytes.Length) - (entry is CachedResponse response ? 2L * response.Body.Length : 0);

    private async ValueTask<CacheFind> ConfirmAndFindAsync(CacheLayer layer, ResponseKey key, string? api, string? operation, bool isAnew) =>
        await layer.Region.ConfirmAsync() is { } purges ? await FindAsync(layer, purges, key, api, operation, isAnew) : CacheFind.Nothing(null);

    private ValueTask<CacheFind> FindAsync(CacheLayer layer, CachePurges purges, ResponseKey key, string? api, string? operation, bool isAnew)
    {
        var memoryKey = layer.KeyOf(key);
        return memory.TryGet(memoryKey, out CachedEntry? entry) && purges.Allow(entry, api, operation) && !(isAnew && layer.Store is not null && entry.Fresh < time.GetUtcNow()) ? new(new CacheFind(entry, CacheResult.Memory, purges.Current))
            : layer.Store is { } store ? FindAsync(store, purges, memoryKey, key, api, operation)
            : new(CacheFind.Nothing(purges.Current));
    }

    private async ValueTask<CacheFind> FindAsync(RedisCacheStore store, CachePurges purges, object memoryKey, ResponseKey key, string? api, string? operation)
    {
        if (await store.GetAsync(KeyIn(store, key)) is not { IsNull: false } bytes || CachedEntry.Read(bytes) is not { } entry || entry.Expires <= time.GetUtcNow()
            || !purges.Allow(entry, api, operation))
        {
            return CacheFind.Nothing(purges.Current);
        }

        memory.Offer(memoryKey, entry, Size(key, entry), entry.Expires);
        return new(entry, CacheResult.Store, purges.Current);
    }
}
