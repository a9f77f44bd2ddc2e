namespace Gateway.Edge.Counters;

/// <summary>
/// What is told to clients of what remains. While several edges share a counter, what one of them gives back would make the number rise
/// inside a window: then the smallest of the window is told.
/// </summary>
internal sealed class RemainingView
{
    private long _least;
    private long _until = long.MinValue;

    /// <summary>The number to tell.</summary>
    public long Of(long remaining, long now, long window)
    {
        if (now >= Volatile.Read(ref _until))
        {
            Volatile.Write(ref _least, remaining);
            Volatile.Write(ref _until, now + window);
            return remaining;
        }

        var least = Volatile.Read(ref _least);
        while (remaining < least)
        {
            var before = Interlocked.CompareExchange(ref _least, remaining, least);
            if (before == least)
            {
                return remaining;
            }

            least = before;
        }

        return least;
    }
}
