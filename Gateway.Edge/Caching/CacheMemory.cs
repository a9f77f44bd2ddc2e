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

    // Of what a full memory is offered, one in so many is kept.
    private const int OffersPerKept = 8;

    // A memory that had to make room is full for so long.
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;
    private readonly PostEvictionCallbackRegistration _evicted;
    private readonly Meter _meter;
    private long _evictedAt;
    private long _offers;

    public CacheMemory(CacheOptions options, TimeProvider time)
    {
        _time = time;
        _evictedAt = time.GetTimestamp() - (long)(FullFor.TotalSeconds * time.TimestampFrequency);
        _evicted = new() { EvictionCallback = (_, _, reason, _) => Evicted(reason) };
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
        key, value, new MemoryCacheEntryOptions { AbsoluteExpiration = expires, Size = EntryBytes + bytes, PostEvictionCallbacks = { _evicted } });

    /// <summary>
    /// Keeps something that is found elsewhere as well. A full memory keeps one in eight, besides what takes the place of an older one: what many requests look for is soon among them, and
    /// what passes by once pushes nothing out.
    /// </summary>
    /// <inheritdoc cref="Set" path="/param" />
    public void Offer<T>(object key, T value, long bytes, DateTimeOffset expires)
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _evictedAt)) >= FullFor || Interlocked.Increment(ref _offers) % OffersPerKept == 0 || _cache.TryGetValue(key, out _))
        {
            Set(key, value, bytes, expires);
        }
    }

    /// <summary>Forgets what is kept under a key.</summary>
    public void Remove(object key) => _cache.Remove(key);

    public void Dispose()
    {
        _meter.Dispose();
        _cache.Dispose();
    }

    private void Evicted(EvictionReason reason)
    {
        if (reason == EvictionReason.Capacity)
        {
            Volatile.Write(ref _evictedAt, _time.GetTimestamp());
            CacheTelemetry.CountEviction();
        }
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
