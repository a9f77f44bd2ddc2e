namespace Gateway.Edge.Counters;

/// <summary>How many tokens to ask for at once: what lasts for about the horizon.</summary>
internal struct SliceSize
{
    /// <summary>More would not be granted, nor counted.</summary>
    private const long Most = 1L << 40;

    private long _want;

    /// <summary>The number, 1 and up.</summary>
    public readonly long Want => Math.Max(1, _want);

    /// <summary>A slice of so many tokens was used up in this time. One that was granted much smaller than it was asked for says nothing of a larger one.</summary>
    public void UsedUp(long size, long lasted, long horizon)
    {
        if (lasted < horizon)
        {
            _want = size < Want / 2 ? Want : Math.Min(Want * 2, Most);
        }
        else if (lasted > 2 * horizon)
        {
            Shrink();
        }
    }

    /// <summary>A part of a slice was not needed.</summary>
    public void Shrink() => _want = Math.Max(1, Want / 2);
}
