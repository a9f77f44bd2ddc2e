namespace Gateway.Grains.Counters.Ledgers;

/// <summary>The state store's clock, which all holders of a site share, carried on by a monotonic one between readings.</summary>
internal sealed class SiteTime
{
    private long _offset;

    /// <summary>When it was read last, in monotonic milliseconds; far in the past when never.</summary>
    public long ReadAt { get; private set; } = long.MinValue / 2;

    /// <summary>True when it is known.</summary>
    public bool IsKnown => ReadAt >= 0;

    /// <summary>Takes a reading. It counts from when it was asked for: what is told is never behind the store's clock.</summary>
    /// <param name="askedAt">Monotonic milliseconds.</param>
    /// <param name="time">Milliseconds of the Unix epoch.</param>
    public void Set(long askedAt, long time) => (ReadAt, _offset) = (askedAt, time - askedAt);

    /// <summary>The site's time at a monotonic moment, in milliseconds of the Unix epoch.</summary>
    public long At(long now) => now + _offset;
}
