using Gateway.Edge.Requests;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>Responses in this edge's memory. There is no external cache yet, so whoever insists on one finds nothing.</summary>
internal sealed class ResponseCache(CacheMemory memory, EdgeOptions options) : IResponseCache
{
    private long _reserved;

    public int MaximumEntryBytes => options.CachedResponseBytes;

    /// <summary>What responses that are coming in take.</summary>
    public long ReservedBytes => Interlocked.Read(ref _reserved);

    public ValueTask<CachedEntry?> FindAsync(CachingType type, ResponseKey key) =>
        new(type != CachingType.External && memory.TryGet(key, out CachedEntry? entry) ? entry : null);

    public void Store(CachingType type, ResponseKey key, CachedEntry entry)
    {
        if (type != CachingType.External)
        {
            memory.Set(key, entry, Size(entry), entry.Expires);
        }
    }

    public bool TryReserve(long bytes)
    {
        // What is coming in is not in the memory that is bounded yet.
        if (Interlocked.Add(ref _reserved, bytes) <= options.CacheBytes / 2)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _reserved, -bytes);

    /// <summary>The bytes, and the headers once more as text.</summary>
    private static long Size(CachedEntry entry) => entry is CachedResponse response
        ? (3L * response.Bytes.Length) - (2L * response.Body.Length)
        : 3L * entry.Bytes.Length;
}
