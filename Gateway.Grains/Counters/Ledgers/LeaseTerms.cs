namespace Gateway.Grains.Counters.Ledgers;

/// <summary>How much is lent, and for how long.</summary>
internal static class LeaseTerms
{
    /// <summary>An edge counts as active for at least this long after it asked, in milliseconds.</summary>
    public const int ActiveFor = 2000;

    /// <summary>The longest life of a lease, in milliseconds: after it, an edge that does not answer holds nothing any more.</summary>
    public const int LongestLife = 4000;

    /// <summary>Tokens of a counter are asked back at most once in this time, in milliseconds.</summary>
    public const int RecallPeriod = 100;

    /// <summary>When a recall's returns are here, in milliseconds.</summary>
    public const int RecallTakes = 3;

    /// <summary>The longest time that an edge is told to wait for what comes back at some unknown time, in milliseconds.</summary>
    public const int LongestPatience = 1000;

    /// <summary>An edge is missed when none of its calls about a counter was answered for so long, in milliseconds.</summary>
    public const int MissedAfter = 15_000;

    /// <summary>How long the share of an edge that is not heard any more is kept, in milliseconds.</summary>
    public const int EscrowLasts = 600_000;

    private const int Parts = 64;
    private const int ShortestLife = 100;
    private const int LivesPerWindow = 30;
    private const int LongLivesPerWindow = 15;

    // Fewer tokens are not worth keeping for an edge; with more, short leases are seldom enough.
    private const int LeastShare = 8;
    private const int MostShareOfLongLives = 64;

    /// <summary>The life of a lease, in milliseconds: short against the window, because what is not reported is charged for life + window.</summary>
    public static int Life(int period) => Math.Clamp(period / LivesPerWindow, ShortestLife, LongestLife / 2);

    /// <summary>
    /// The life of a lease, in milliseconds: twice as long where edges share so little that they would have to ask for every few requests, and enough that
    /// an edge's share lasts that long.
    /// </summary>
    public static int Life(int period, long limit, int activeEdges) =>
        IsLong(Freed(period, limit, activeEdges)) ? LongLife(period) : Life(period);

    /// <summary>How long an edge counts as active after it asked for tokens of such a window, in milliseconds: longer than its lease lives.</summary>
    public static int Active(int period) => Math.Max(ActiveFor, LongLife(period) + 1000);

    /// <summary>
    /// When an edge that misses its partition may use its share, in milliseconds since it was answered: what was lent before the partition missed it cannot be
    /// in a window with that.
    /// </summary>
    public static int EscrowFrom(int period) => (int)((MissedAfter + LongestLife + period) * 1.02) + 100;

    /// <summary>Until when, in milliseconds since it called; well before others get its share.</summary>
    public const int EscrowUntil = EscrowLasts * 9 / 10;

    /// <summary>What a window at its limit frees for one edge while a long lease lives, 1 and up.</summary>
    public static long Freed(int period, long limit, int activeEdges) => Ceiling(limit, (long)(period / LongLife(period)) * Math.Max(1, activeEdges));

    /// <summary>True when that is worth keeping for an edge that is turned away.</summary>
    public static bool HasTurns(int period, long limit, int activeEdges) => Freed(period, limit, activeEdges) >= LeastShare;

    /// <summary>
    /// The size of a grant: what is asked, but no more than a fair share of half the rest – of all of it where leases live longer, which then last for their
    /// lives – or of a small part of the limit where that is more. The window slides, so that a counter at its limit is freed drop by drop: without that floor
    /// each drop would be handed out by one call a token.
    /// </summary>
    /// <returns>0 when nothing is asked, or less remains than the first request needs at least.</returns>
    public static long Size(long asked, long remaining, long limit, int activeEdges, long least = 0, long part = 0)
    {
        if (asked <= 0 || remaining < Math.Max(1, least))
        {
            return 0;
        }

        var edges = Math.Max(1, activeEdges);
        var share = Math.Max(Ceiling(remaining, (part > 0 ? 1L : 2L) * edges), Math.Max(part, Ceiling(limit, (long)Parts * edges)));
        return Math.Min(Math.Min(asked, Math.Max(least, share)), remaining);
    }

    /// <summary>The least that is worth asking an edge back for; less is in use, or back soon.</summary>
    public static long Recallable(long limit, int activeEdges, long part = 0) => Math.Max(Math.Max(1, part), 2 * limit / ((long)Parts * Math.Max(1, activeEdges)));

    /// <summary>Where leases live longer: what an edge may always have, and is not asked back; else 0.</summary>
    public static long Part(int period, long limit, int activeEdges) => Freed(period, limit, activeEdges) is var freed && IsLong(freed) ? Ceiling(freed, 2) : 0;

    /// <summary>The least that is worth asking again for, of a counter that is spent.</summary>
    public static long Worth(long limit) => Math.Max(1, limit / Parts);

    /// <summary>How long an edge may be told to wait beyond the first free token, for more of them, in milliseconds.</summary>
    public static int Patience(int period) => Math.Min(period / Parts, LongestPatience);

    private static bool IsLong(long freed) => freed is >= LeastShare and <= MostShareOfLongLives;

    private static int LongLife(int period) => Math.Clamp(period / LongLivesPerWindow, ShortestLife, LongestLife);

    private static long Ceiling(long number, long parts) => (number / parts) + (number % parts == 0 ? 0 : 1);
}
