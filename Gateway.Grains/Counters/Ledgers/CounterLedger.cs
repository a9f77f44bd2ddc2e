using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// One counter's sliding window. A token is charged from its grant until a window after its spend was reported, or after its lease ended; so any span of
/// one window holds at most the limit. Times are monotonic milliseconds, given from outside, rounded down.
/// </summary>
internal sealed class CounterLedger(CounterDefinition definition) : ICounterLedger
{
    // Shares and counters of which nothing is charged are kept this long for their sequence numbers.
    private const int IdleAfter = 10_000;

    private readonly NewestDefinition _definition = new(definition);
    private readonly List<EdgeShare> _shares = new(1);
    private long _recalledAt = long.MinValue / 2;
    private long _touchedAt = long.MinValue / 2;

    /// <inheritdoc />
    public CounterDefinition Definition => _definition.Current;

    /// <summary>All that is lent or spent within the window.</summary>
    public long Charged
    {
        get
        {
            var charged = 0L;
            foreach (var share in _shares)
            {
                charged += share.Charged;
            }

            return charged;
        }
    }

    /// <summary>The edges that have something of it.</summary>
    public IReadOnlyList<EdgeShare> Shares => _shares;

    /// <inheritdoc />
    public LedgerAnswer Acquire(long now, Guid edge, long sequence, LeaseRequest request, long grant)
    {
        var stranded = Sweep(now);
        _touchedAt = now;
        var recallAll = _definition.Adopt(request.Definition);
        var share = Share(edge);
        if (sequence <= share.Sequence)
        {
            return new LedgerAnswer(Reply(now, 0, 0) with { RetryAfterMilliseconds = LeaseTerms.RecallTakes }, [], false, stranded);
        }

        if (request.LostSince > 0 && share.Sequence >= request.LostSince)
        {
            share.Lose();
        }

        share.Sequence = sequence;
        var isCut = !share.Report(now, request.Spent, request.Held, Definition.PeriodMilliseconds);
        share.Owe(now, request.Owed, Definition.PeriodMilliseconds);
        var asked = Math.Max(request.Want, request.Waiting);
        if (asked <= 0)
        {
            return new LedgerAnswer(Reply(now, 0, 0), recallAll ? Recall(now, null) : [], isCut, stranded);
        }

        share.AskedAt = now;
        var size = LeaseTerms.Size(asked, Definition.Limit - Charged, Definition.Limit, ActiveAt(now), request.Least);
        if (size > 0)
        {
            share.Lend(size, now + LeaseTerms.Life(Definition.PeriodMilliseconds) + 1, request.Waiting);
        }

        var isDry = size < request.Waiting || size == 0;
        var recalls = recallAll ? Recall(now, null) : isDry && now - _recalledAt >= LeaseTerms.RecallPeriod ? Recall(now, share) : [];
        var reply = Reply(now, size, size > 0 ? grant : 0);
        return new LedgerAnswer(size > 0 ? reply : Denied(reply, now, share, request.Least), recalls, isCut, stranded);
    }

    /// <inheritdoc />
    public void Learn(long now, Guid edge, CounterMemory memory)
    {
        Sweep(now);
        _touchedAt = now;
        _definition.Adopt(memory.Definition);
        var spent = new SpendLog();
        foreach (var (age, count) in memory.Spent)
        {
            spent.Add(now - Less(Math.Max(0, age)) + 1, count, Definition.PeriodMilliseconds);
        }

        var share = Share(edge);
        share.Replace(spent);
        if (memory.Held > 0)
        {
            share.Lend(memory.Held, now + More(Math.Max(0, memory.HeldForMilliseconds)) + 1);
        }
    }

    /// <summary>Goes on from what another holder had written down.</summary>
    public void Restore(LedgerMemory memory, long now)
    {
        foreach (var known in memory.Shares)
        {
            var share = Share(known.Edge);
            share.Sequence = known.Sequence;
            share.Owed = known.Owed;
            foreach (var pair in known.Spent.Chunk(2))
            {
                share.Spent.Add(now + pair[0], pair[1], Definition.PeriodMilliseconds);
            }

            foreach (var pair in known.Leases.Chunk(2))
            {
                share.Lend(pair[1], now + pair[0]);
            }
        }
    }

    /// <inheritdoc />
    public long Sweep(long now)
    {
        var stranded = 0L;
        for (var index = _shares.Count - 1; index >= 0; index--)
        {
            var share = _shares[index];
            stranded += share.Sweep(now, Definition.PeriodMilliseconds);
            if (share.Charged == 0 && now - share.AskedAt >= IdleAfter && now - _touchedAt >= IdleAfter)
            {
                _shares.RemoveAt(index);
            }
        }

        return stranded;
    }

    /// <inheritdoc />
    public bool IsIdle(long now) => now - _touchedAt >= IdleAfter && Charged == 0;

    /// <inheritdoc />
    public LedgerMemory? Write(CounterId counter, long now) => Charged == 0 ? null : new LedgerMemory
    {
        Counter = counter,
        Definition = Definition,
        Shares = [.. _shares.Select(share => new ShareMemory
        {
            Edge = share.Edge,
            Sequence = share.Sequence,
            Owed = share.Owed,
            Spent = [.. share.Spent.Entries.SelectMany(entry => (long[])[entry.At - now, entry.Count])],
            Leases = [.. share.Leases.SelectMany(lease => (long[])[lease.Expiry - now, lease.Count])],
        })],
    };

    // One per cent for a clock that runs at another pace than ours.
    private static long Less(long milliseconds) => milliseconds - (milliseconds / 100);

    private static long More(long milliseconds) => milliseconds + (milliseconds / 100) + 1;

    private LeaseReply Denied(LeaseReply reply, long now, EdgeShare asker, long least)
    {
        // Not the millisecond that now was rounded down by: nobody is told to wait for more than a period.
        var isLent = Holders(now, asker).Any();
        var wait = Math.Clamp(WorthAsking(least) - now, 1, Definition.PeriodMilliseconds);
        if (isLent)
        {
            var sinceRecall = now - _recalledAt;
            var returns = sinceRecall < 2 * LeaseTerms.RecallTakes ? LeaseTerms.RecallTakes : LeaseTerms.RecallPeriod + LeaseTerms.RecallTakes - sinceRecall;
            wait = Math.Min(wait, Math.Max(1, returns));
        }
        else
        {
            // Too little to ask back comes back by itself.
            foreach (var share in _shares)
            {
                if (share != asker && share.IdleAt(now) > 0)
                {
                    wait = Math.Clamp(share.LastExpiry - now, 1, wait);
                }
            }
        }

        return reply with { IsSpent = !isLent, RetryAfterMilliseconds = (int)wait };
    }

    // When something is freed that is worth a call: a small part of the limit, or what there is a little after the first of it.
    private long WorthAsking(long least)
    {
        var ends = new List<(long End, long Count)>();
        var first = long.MaxValue;
        foreach (var share in _shares)
        {
            first = Math.Min(first, share.FirstEnd(Definition.PeriodMilliseconds));
        }

        if (first == long.MaxValue)
        {
            return 0;
        }

        var last = first + LeaseTerms.Patience(Definition.PeriodMilliseconds);
        foreach (var share in _shares)
        {
            share.EndsUntil(last, Definition.PeriodMilliseconds, ends);
        }

        ends.Sort();
        var free = Definition.Limit - Charged;
        foreach (var (end, count) in ends)
        {
            free += count;
            if (free >= Math.Max(least, LeaseTerms.Worth(Definition.Limit)))
            {
                return end;
            }
        }

        return free > 0 ? last : first;
    }

    private LeaseReply Reply(long now, long granted, long grant) => new()
    {
        Granted = granted,
        Grant = grant,
        ValidForMilliseconds = granted > 0 ? LeaseTerms.Life(Definition.PeriodMilliseconds) : 0,
        Remaining = Math.Max(0, Definition.Limit - Charged),
        ActiveEdges = ActiveAt(now),
    };

    private Guid[] Recall(long now, EdgeShare? asker)
    {
        _recalledAt = now;
        return [.. Holders(now, asker).Select(share => share.Edge)];
    }

    private IEnumerable<EdgeShare> Holders(long now, EdgeShare? asker)
    {
        var least = LeaseTerms.Recallable(Definition.Limit, ActiveAt(now));
        return _shares.Where(share => share != asker && share.IdleAt(now) >= least);
    }

    private int ActiveAt(long now)
    {
        var active = 0;
        foreach (var share in _shares)
        {
            active += now - share.AskedAt < LeaseTerms.ActiveFor ? 1 : 0;
        }

        return active;
    }

    private EdgeShare Share(Guid edge)
    {
        foreach (var known in _shares)
        {
            if (known.Edge == edge)
            {
                return known;
            }
        }

        var share = new EdgeShare(edge);
        _shares.Add(share);
        return share;
    }
}
