namespace Gateway.Grains.Counters;

/// <summary>A clock that nobody can step: milliseconds since some start, rounded down.</summary>
internal sealed class MonotonicTime(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Now.</summary>
    public long Now => (long)Math.Floor(time.GetElapsedTime(_start).TotalMilliseconds);
}
