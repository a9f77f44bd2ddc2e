using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>Values in this edge's memory. There is no external cache yet, so whoever insists on one finds nothing.</summary>
internal sealed class MemoryValueCache(CacheMemory memory, TimeProvider time) : IValueCache
{
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key) => new(
        type != CachingType.External && memory.TryGet(key, out ReadOnlyMemory<byte> value) ? value : (ReadOnlyMemory<byte>?)null);

    public void Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration)
    {
        if (type != CachingType.External)
        {
            memory.Set(key, value, (2L * key.Length) + value.Length, time.GetUtcNow() + duration);
        }
    }

    public ValueTask<bool> RemoveAsync(CachingType type, string key)
    {
        if (type != CachingType.External)
        {
            memory.Remove(key);
        }

        return new(true);
    }
}
