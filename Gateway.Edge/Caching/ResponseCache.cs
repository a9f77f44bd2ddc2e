using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>Responses in this edge's memory and in stores.</summary>
internal sealed class ResponseCache(CacheMemory memory, CacheLayers layers, CacheOptions options, TimeProvider time) : IResponseCache
{
    // Nobody waits for a response of a key that was not kept so shortly ago.
    private static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(10);

    private readonly RefillTable _refills = new();
    private long _reserved;

    public int MaximumEntryBytes => options.ResponseBytes;

    /// <summary>What responses that are coming in take.</summary>
    public long ReservedBytes => Interlocked.Read(ref _reserved);

    public ValueTask<CacheFind> FindAsync(CachingType type, ResponseKey key, string? api, string? operation) =>
        layers.For(type) is not { } layer ? new(CacheFind.Nothing(null))
        : layer.Region.TryGet(out var purges) ? FindAsync(layer, purges, key, api, operation)
        : ConfirmAndFindAsync(layer, key, api, operation);

    public void Store(CachingType type, ResponseKey key, CachedEntry entry)
    {
        if (layers.For(type) is { } layer)
        {
            memory.Set(layer.KeyOf(key), entry, Size(entry), entry.Expires);
            layer.Store?.Set(StoreKey(key), entry.Bytes, entry.Expires - entry.Stored);
        }
    }

    public TimeSpan RefillWait => options.RefillWait;

    /// <summary>Responses that are being made for others that wait.</summary>
    public int Refills => _refills.Count;

    public RefillTurn BeginRefill(CachingType type, ResponseKey key, out Task finished)
    {
        finished = Task.CompletedTask;
        var refill = new RefillKey(type, key);
        if (layers.For(type) is null || memory.TryGet(refill, out object? _))
        {
            return RefillTurn.Alone;
        }

        if (_refills.TryBegin(refill, out finished))
        {
            return RefillTurn.Makes;
        }

        CacheTelemetry.CountWait();
        return RefillTurn.Waits;
    }

    public void EndRefill(CachingType type, ResponseKey key, bool isNeverKept)
    {
        var refill = new RefillKey(type, key);
        if (isNeverKept)
        {
            memory.Set<object>(refill, refill, 0, time.GetUtcNow() + AloneFor);
        }

        _refills.End(refill);
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

    private static string StoreKey(ResponseKey key) => $"r:{key}";

    /// <summary>The bytes, and the headers once more as text.</summary>
    private static long Size(CachedEntry entry) => entry is CachedResponse response
        ? (3L * response.Bytes.Length) - (2L * response.Body.Length)
        : 3L * entry.Bytes.Length;

    private async ValueTask<CacheFind> ConfirmAndFindAsync(CacheLayer layer, ResponseKey key, string? api, string? operation) =>
        await layer.Region.ConfirmAsync() is { } purges ? await FindAsync(layer, purges, key, api, operation) : CacheFind.Nothing(null);

    private ValueTask<CacheFind> FindAsync(CacheLayer layer, CachePurges purges, ResponseKey key, string? api, string? operation)
    {
        var memoryKey = layer.KeyOf(key);
        return memory.TryGet(memoryKey, out CachedEntry? entry) && purges.Allow(entry, api, operation) ? new(new CacheFind(entry, CacheResult.Memory, purges.Current))
            : layer.Store is { } store ? FindAsync(store, purges, memoryKey, key, api, operation)
            : new(CacheFind.Nothing(purges.Current));
    }

    private async ValueTask<CacheFind> FindAsync(RedisCacheStore store, CachePurges purges, object memoryKey, ResponseKey key, string? api, string? operation)
    {
        if (await store.GetAsync(StoreKey(key)) is not { } bytes || CachedEntry.Read(bytes) is not { } entry || entry.Expires <= time.GetUtcNow()
            || !purges.Allow(entry, api, operation))
        {
            return CacheFind.Nothing(purges.Current);
        }

        memory.Set(memoryKey, entry, Size(entry), entry.Expires);
        return new(entry, CacheResult.Store, purges.Current);
    }

    // The cache that a type means may be replaced while a response is made.
    private sealed record RefillKey(CachingType Type, ResponseKey Key);
}
