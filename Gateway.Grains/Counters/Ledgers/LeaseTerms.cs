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

    /// <summary>The longest time that an edge is told to wait for what comes back at some unknown time, in milliseconds.</summary>
    public const int LongestPatience = 1000;

    private const int Parts = 64;
    private const int ShortestLife = 100;
    private const int LivesPerWindow = 30;

    /// <summary>The life of a lease, in milliseconds: short against the window, because what is not reported is charged for life + window.</summary>
    public static int Life(int period) => Math.Clamp(period / LivesPerWindow, ShortestLife, LongestLife);

    /// <summary>
    /// The size of a grant: what is asked, but no more than a fair share of half the rest, or of a small part of the limit where that is more. The window
    /// slides, so that a counter at its limit is freed drop by drop: without that floor each drop would be handed out by one call a token.
    /// </summary>
    /// <returns>0 when nothing is asked, or less remains than the first request needs at least.</returns>
    public static long Size(long asked, long remaining, long limit, int activeEdges, long least = 0)
    {
        if (asked <= 0 || remaining < Math.Max(1, least))
        {
            return 0;
        }

        var edges = Math.Max(1, activeEdges);
        var share = Math.Max(Ceiling(remaining, 2L * edges), Ceiling(limit, (long)Parts * edges));
        return Math.Min(Math.Min(asked, Math.Max(least, share)), remaining);
    }

    /// <summary>The least that is worth asking an edge back for; less is in use, or back soon.</summary>
    public static long Recallable(long limit, int activeEdges) => Math.Max(1, 2 * limit / ((long)Parts * Math.Max(1, activeEdges)));

    /// <summary>The least that is worth asking again for, of a counter that is spent.</summary>
    public static long Worth(long limit) => Math.Max(1, limit / Parts);

    /// <summary>How long an edge may be told to wait beyond the first free token, for more of them, in milliseconds.</summary>
    public static int Patience(int period) => Math.Min(period / Parts, LongestPatience);

    private static long Ceiling(long number, long parts) => (number / parts) + (number % parts == 0 ? 0 : 1);
}
