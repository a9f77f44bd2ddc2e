namespace Gateway.Edge.Counters;

/// <summary>A monotonic clock. Nothing about counters on an edge looks at the time of day.</summary>
internal sealed class CounterClock(TimeProvider time)
{
    /// <summary>Clocks of this edge and of the silos may run apart by this share: leases end early by it.</summary>
    private const double Drift = 0.01;

    private readonly double _perMillisecond = time.TimestampFrequency / 1000.0;

    /// <summary>Where timers come from.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Now, in ticks of its own.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>A span in ticks.</summary>
    public long Ticks(double milliseconds) => (long)(milliseconds * _perMillisecond);

    /// <summary>A span in ticks.</summary>
    public long Ticks(TimeSpan span) => Ticks(span.TotalMilliseconds);

    /// <summary>A span of ticks in whole milliseconds, never more than it is.</summary>
    public int MillisecondsAtMost(long ticks) => (int)Math.Clamp(Math.Floor(ticks / _perMillisecond), 0, int.MaxValue);

    /// <summary>A span of ticks in whole milliseconds, never less than it is.</summary>
    public int MillisecondsAtLeast(long ticks) => (int)Math.Clamp(Math.Ceiling(ticks / _perMillisecond), 0, int.MaxValue);

    /// <summary>The whole seconds until a moment that is not before now, 1 and up, never less than it takes; 0 when it never comes.</summary>
    public int SecondsUntil(long moment, long now) => moment == long.MaxValue ? 0
        : (int)Math.Clamp(Math.Ceiling((moment - now) / (_perMillisecond * 1000)), 1, int.MaxValue);

    /// <summary>When a lease ends: counted from the moment at which it was asked for, so that it ends early and never late.</summary>
    public long Deadline(long sent, int validForMilliseconds) => sent + Ticks(validForMilliseconds * (1 - Drift));
}
