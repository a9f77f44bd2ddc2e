using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>What one life of one edge has of one counter: tokens lent and not accounted for, and spends still in the window.</summary>
internal sealed class EdgeShare(Guid edge)
{
    private const int MostSlices = 32;
    private const long MostOwed = long.MaxValue / 1_000_000;

    private TightList<Slice> _slices;
    private long _awaited;

    /// <summary>The life of the edge.</summary>
    public Guid Edge { get; } = edge;

    /// <summary>The last call that counted.</summary>
    public long Sequence { get; set; }

    /// <summary>When it last asked for tokens.</summary>
    public long AskedAt { get; set; } = long.MinValue / 2;

    /// <summary>When it was told to come again; null when it was not, or got tokens since.</summary>
    public Turn? Turn { get; set; }

    /// <summary>What it may let pass without silos; null when that is nothing.</summary>
    public EdgeEscrow? Escrow { get; set; }

    /// <summary>Spends that are known.</summary>
    public SpendLog Spent { get; private set; } = new();

    /// <summary>All that it used beyond what was lent, as it said last.</summary>
    public long Owed { get; set; }

    /// <summary>What its last call was granted: it may not have heard of that.</summary>
    public long Granted { get; set; }

    /// <summary>Tokens lent and not accounted for, also those whose lease has ended less than a window ago.</summary>
    public long Lent { get; private set; }

    /// <summary>All that the edge takes of the allowance.</summary>
    public long Charged => Lent + Spent.Total;

    /// <summary>Leases with their ends, first to end first.</summary>
    public IEnumerable<(long Expiry, long Count)> Leases => _slices.Items.ToArray().Select(slice => (slice.Expiry, slice.Count));

    /// <summary>When the first of it is freed, without further reports; <see cref="long.MaxValue"/> when nothing is charged.</summary>
    public long FirstEnd(int period)
    {
        var oldest = Math.Min(Spent.Oldest, _slices.Count == 0 ? long.MaxValue : _slices.Items[0].Expiry);
        return oldest == long.MaxValue ? oldest : oldest + period;
    }

    /// <summary>Adds what is freed until a moment, without further reports.</summary>
    public void EndsUntil(long last, int period, List<(long End, long Count)> ends)
    {
        Spent.EndsUntil(last, period, ends);
        foreach (var slice in _slices.Items)
        {
            if (slice.Expiry + period > last)
            {
                break;
            }

            ends.Add((slice.Expiry + period, slice.Count));
        }
    }

    /// <summary>
    /// Tokens that the edge can still spend, as far as it has reported. Those that requests were waiting for when they were lent count as used.
    /// </summary>
    public long IdleAt(long now)
    {
        var held = 0L;
        foreach (var slice in _slices.Items)
        {
            held += slice.Expiry > now ? slice.Count : 0;
        }

        return Math.Max(0, held - _awaited);
    }

    /// <summary>When the last lease ends or has ended.</summary>
    public long LastExpiry => _slices.Count == 0 ? long.MinValue : _slices.Items[^1].Expiry;

    /// <summary>Lends tokens for which some requests wait.</summary>
    public void Lend(long count, long expiry, long waiting)
    {
        (_awaited, Granted) = (Math.Min(count, waiting), count);
        Lend(count, expiry);
    }

    /// <summary>Lends tokens.</summary>
    public void Lend(long count, long expiry)
    {
        Lent += count;
        var index = _slices.Count;
        while (index > 0 && _slices.Items[index - 1].Expiry > expiry)
        {
            index--;
        }

        _slices.Insert(index, new Slice(expiry, count));
        if (_slices.Count > MostSlices)
        {
            // Two as one, with the later end: charged longer, never shorter.
            var slices = _slices.Items;
            slices[1] = slices[1] with { Count = slices[0].Count + slices[1].Count };
            _slices.RemoveFirst(1);
        }
    }

    /// <summary>The answer to the last call has not come to the edge: what it was granted is neither held nor spent.</summary>
    public void Lose()
    {
        Take(Math.Min(Granted, Lent));
        Granted = 0;
    }

    /// <summary>
    /// Takes a report. Nobody is believed beyond what was lent: spends and held tokens are cut to it, held ones first, and what is left over was given
    /// back. Tokens are taken from the lease that ends first: what remains is charged at least as long as any token that the edge can have.
    /// </summary>
    /// <returns>False when it claimed to hold more than was lent. Spends beyond that are no such sign: they may have been told before, or be a window ago.</returns>
    public bool Report(long now, LeaseRequest report, int period)
    {
        var believedHeld = Math.Clamp(report.Held, 0, Lent);
        var believedSpent = Math.Clamp(report.Spent, 0, Lent - believedHeld);
        if (believedSpent > 0)
        {
            // Now is rounded down, and no token was spent after the last lease had ended.
            Spend(Math.Min(now + 1, LastExpiry), now, believedSpent, report, period);
        }

        Take(Lent - believedHeld);
        (_awaited, Granted) = (0, 0);
        return believedHeld == report.Held;
    }

    // Those that are not believed were the first.
    private void Spend(long latest, long now, long count, LeaseRequest report, int period)
    {
        var earlier = Math.Clamp(report.Earlier.Sum(spent => Math.Max(0, spent.Count)), 0, report.Spent);
        var dated = Math.Min(count, report.Spent - earlier);
        Spent.Add(latest, dated, period);
        foreach (var (age, some) in report.Earlier)
        {
            var believed = Math.Clamp(some, 0, count - dated);
            Spent.Add(Math.Min(latest, now - SlowClock.Less(Math.Clamp(age, 0, period)) + 1), believed, period);
            dated += believed;
        }

        Spent.Add(latest, count - dated, period);
    }

    /// <summary>Charges what was used beyond what was lent, also beyond the limit.</summary>
    /// <param name="now">Now.</param>
    /// <param name="total">All of it. Less than before comes from an edge that has forgotten the counter in between.</param>
    /// <param name="period">The window.</param>
    public void Owe(long now, long total, int period)
    {
        total = Math.Clamp(total, 0, MostOwed);
        var more = total >= Owed ? total - Owed : total;
        Owed = total;
        if (more > 0)
        {
            Spent.Add(now + 1, more, period);
        }
    }

    /// <summary>Replaces all that is known of the edge by what it says itself.</summary>
    public void Replace(SpendLog spent)
    {
        Take(Lent);
        Granted = 0;
        Owed = 0;
        Spent = spent;
    }

    /// <summary>Frees what is a window or more ago.</summary>
    /// <returns>Tokens of which the edge never said what became of them.</returns>
    public long Sweep(long now, int period)
    {
        Spent.Sweep(now, period);
        var stranded = 0L;
        var gone = 0;
        foreach (var slice in _slices.Items)
        {
            if (slice.Expiry + period > now)
            {
                break;
            }

            stranded += slice.Count;
            gone++;
        }

        _slices.RemoveFirst(gone);
        Lent -= stranded;
        return stranded;
    }

    private void Take(long count)
    {
        Lent -= count;
        var gone = 0;
        var slices = _slices.Items;
        while (count > 0)
        {
            var slice = slices[gone];
            if (slice.Count > count)
            {
                slices[gone] = slice with { Count = slice.Count - count };
                break;
            }

            count -= slice.Count;
            gone++;
        }

        _slices.RemoveFirst(gone);
    }

    private readonly record struct Slice(long Expiry, long Count);
}
