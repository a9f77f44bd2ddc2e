namespace Gateway.Grains.Counters.Ledgers;

/// <summary>How much is lent, and for how long.</summary>
internal static class LeaseTerms
{
    /// <summary>An edge counts as active for this long after it asked, in milliseconds.</summary>
    public const int ActiveFor = 2000;

    /// <summary>The longest life of a lease, in milliseconds: after it, an edge that does not answer holds nothing any more.</summary>
    public const int LongestLife = 2000;

    /// <summary>Tokens of a counter are asked back at most once in this time, in milliseconds.</summary>
    public const int RecallPeriod = 100;

    /// <summary>When a recall's returns are here, in milliseconds.</summary>
    public const int RecallTakes = 3;

    private const int ShortestLife = 100;
    private const int LivesPerWindow = 30;

    /// <summary>The life of a lease, in milliseconds: short against the window, because what is not reported is charged for life + window.</summary>
    public static int Life(int period) => Math.Clamp(period / LivesPerWindow, ShortestLife, LongestLife);

    /// <summary>The size of a grant: what is asked, but no more than a fair share of half the rest. 0 when nothing remains or nothing is asked.</summary>
    public static long Size(long asked, long remaining, int activeEdges)
    {
        if (asked <= 0 || remaining <= 0)
        {
            return 0;
        }

        var parts = 2L * Math.Max(1, activeEdges);
        var share = (remaining / parts) + (remaining % parts == 0 ? 0 : 1);
        return Math.Min(Math.Min(asked, share), remaining);
    }
}
