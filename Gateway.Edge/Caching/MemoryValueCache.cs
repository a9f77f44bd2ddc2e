using Gateway.Edge.Requests;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.Edge.Caching;

/// <summary>
/// Values in this edge's memory, within a bound of bytes: when it is full, what was not used for longest goes. There is no external cache yet, so
/// whoever insists on one finds nothing.
/// </summary>
internal sealed class MemoryValueCache : IValueCache, IDisposable
{
    // What an entry takes besides its key and its value, roughly.
    private const int EntryBytes = 256;

    private readonly MemoryCache _cache;

    public MemoryValueCache(EdgeOptions options, TimeProvider time) => _cache = new(Options.Create(new MemoryCacheOptions
    {
        SizeLimit = options.ValueCacheBytes,
        CompactionPercentage = 0.1,
        TrackStatistics = true,
        Clock = new Clock(time),
    }));

    /// <summary>What the values take, roughly.</summary>
    public long Bytes => _cache.GetCurrentStatistics()!.CurrentEstimatedSize ?? 0;

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key) => new(
        type != CachingType.External && _cache.TryGetValue(key, out ReadOnlyMemory<byte> value) ? value : (ReadOnlyMemory<byte>?)null);

    public void Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration)
    {
        if (type != CachingType.External)
        {
            _cache.Set(key, value, new MemoryCacheEntryOptions
            {
                AbsoluteExpirationRelativeToNow = duration,
                Size = EntryBytes + (2L * key.Length) + value.Length,
            });
        }
    }

    public ValueTask<bool> RemoveAsync(CachingType type, string key)
    {
        if (type != CachingType.External)
        {
            _cache.Remove(key);
        }

        return new(true);
    }

    public void Dispose() => _cache.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
