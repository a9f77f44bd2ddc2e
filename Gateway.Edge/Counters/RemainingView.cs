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
    /// <param name="remaining">What remains.</param>
    /// <param name="now">Now.</param>
    /// <param name="ends">When a window ends that begins now.</param>
    public long Of(long remaining, long now, long ends)
    {
        if (now >= Volatile.Read(ref _until))
        {
            Volatile.Write(ref _least, remaining);
            Volatile.Write(ref _until, ends);
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
