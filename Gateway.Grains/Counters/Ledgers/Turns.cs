using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>An edge was turned away and told when to come again, and for how much.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many tokens are kept for it then.</param>
internal sealed record Turn(long At, long Count)
{
    // A clock may run at another pace, and whoever does not come soon is not waited for.
    private const int Early = 40;
    private const int Late = 100;

    /// <summary>True when the edge may have what is kept for it.</summary>
    public bool IsDue(long now) => now + Early >= At;

    /// <summary>True while others leave it that.</summary>
    public bool IsKept(long now) => now <= At + Late;
}

/// <summary>
/// The line of the edges that were turned away. A window at its limit is freed drop by drop; each edge is told to come when what is freed until then is
/// enough for all before it and for its own share: so it comes seldom, and tokens wait for nobody.
/// </summary>
internal static class Turns
{
    /// <summary>Tokens that are kept for others than the asker.</summary>
    public static long Kept(IReadOnlyList<EdgeShare> shares, EdgeShare asker, long now)
    {
        var kept = 0L;
        foreach (var share in shares)
        {
            kept += share != asker && share.Turn is { } turn && turn.IsKept(now) ? turn.Count : 0;
        }

        return kept;
    }

    /// <summary>Gives an edge its turn.</summary>
    /// <param name="shares">All edges.</param>
    /// <param name="asker">The one that is turned away.</param>
    /// <param name="now">Now.</param>
    /// <param name="definition">What the counter allows.</param>
    /// <param name="free">What is free now; below zero when more than the limit is charged.</param>
    /// <param name="asked">What it wants: the smallest and the greatest number of tokens.</param>
    /// <param name="active">How many edges share it. Each may have what is freed for one edge while a lease lives, and twice of that where nobody else wants it.</param>
    /// <returns>When it comes again: not before the first token is free, and at most the life of a lease later.</returns>
    public static long Give(
        IReadOnlyList<EdgeShare> shares, EdgeShare asker, long now, CounterDefinition definition, long free, (long Least, long Most) asked, int active)
    {
        asker.Turn = null;
        var freed = LeaseTerms.Freed(definition.PeriodMilliseconds, definition.Limit, active);
        var ends = Ends(shares, definition, LeaseTerms.Life(definition.PeriodMilliseconds, definition.Limit, active), out var first, out var last);
        var kept = Kept(shares, asker, now);
        var most = Math.Min(2 * freed, LeaseTerms.Worth(definition.Limit));
        var count = Math.Max(asked.Least, Math.Min(asked.Most, Math.Clamp(free - kept + ends.Sum(end => end.Count), Math.Min(freed, most), most)));
        var at = When(ends, ref free, kept + count, last);
        if (free > 0)
        {
            asker.Turn = new(at, count);
            return at;
        }

        return first;
    }

    /// <summary>When something is freed that is worth a call: a small part of the limit, or what there is a little after the first of it.</summary>
    public static long WorthAsking(IReadOnlyList<EdgeShare> shares, CounterDefinition definition, long free, long least)
    {
        var ends = Ends(shares, definition, LeaseTerms.Patience(definition.PeriodMilliseconds), out var first, out var last);
        var at = When(ends, ref free, Math.Max(least, LeaseTerms.Worth(definition.Limit)), last);
        return free > 0 ? at : first;
    }

    private static long When(List<(long End, long Count)> ends, ref long free, long needed, long last)
    {
        foreach (var (end, count) in ends)
        {
            free += count;
            if (free >= needed)
            {
                return end;
            }
        }

        return last;
    }

    // What is freed within a time after the first of it.
    private static List<(long End, long Count)> Ends(IReadOnlyList<EdgeShare> shares, CounterDefinition definition, int patience, out long first, out long last)
    {
        var ends = new List<(long, long)>();
        first = shares.Min(share => share.FirstEnd(definition.PeriodMilliseconds));
        last = first == long.MaxValue ? first : first + patience;
        foreach (var share in shares)
        {
            share.EndsUntil(last, definition.PeriodMilliseconds, ends);
        }

        ends.Sort();
        return ends;
    }
}
