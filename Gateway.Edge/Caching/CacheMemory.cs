using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.Edge.Caching;

/// <summary>What this edge keeps in its own memory, within a bound of bytes: when it is full, what was not used for longest goes.</summary>
internal sealed class CacheMemory : IDisposable
{
    // What an entry takes besides its key and its value, roughly.
    private const int EntryBytes = 256;

    private static readonly PostEvictionCallbackRegistration s_evicted = new()
    {
        EvictionCallback = static (_, _, reason, _) =>
        {
            if (reason == EvictionReason.Capacity)
            {
                CacheTelemetry.CountEviction();
            }
        },
    };

    private readonly MemoryCache _cache;
    private readonly Meter _meter;

    public CacheMemory(CacheOptions options, TimeProvider time)
    {
        _cache = new(Options.Create(new MemoryCacheOptions
        {
            SizeLimit = options.MemoryBytes,
            CompactionPercentage = 0.1,
            TrackStatistics = true,
            Clock = new Clock(time),
        }));
        _meter = CacheTelemetry.Watch(this);
    }

    /// <summary>What all entries take, roughly.</summary>
    public long Bytes => _cache.GetCurrentStatistics()!.CurrentEstimatedSize ?? 0;

    /// <summary>What is kept under a key.</summary>
    public bool TryGet<T>(object key, [NotNullWhen(true)] out T? value) => _cache.TryGetValue(key, out value) && value is not null;

    /// <summary>Keeps something; drops it when there is no room, and makes some.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What.</param>
    /// <param name="bytes">What it takes.</param>
    /// <param name="expires">Until when.</param>
    public void Set<T>(object key, T value, long bytes, DateTimeOffset expires) => _cache.Set(
        key, value, new MemoryCacheEntryOptions { AbsoluteExpiration = expires, Size = EntryBytes + bytes, PostEvictionCallbacks = { s_evicted } });

    /// <summary>Forgets what is kept under a key.</summary>
    public void Remove(object key) => _cache.Remove(key);

    public void Dispose()
    {
        _meter.Dispose();
        _cache.Dispose();
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
