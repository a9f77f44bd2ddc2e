using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// One counter's sliding window. A token is charged from its grant until a window after its spend was reported, or after its lease ended; so any span of
/// one window holds at most the limit. Times are monotonic milliseconds, given from outside, rounded down.
/// </summary>
internal sealed class CounterLedger(CounterDefinition definition, EdgeCensus census) : ICounterLedger
{
    // Shares and counters of which nothing is charged are kept this long for their sequence numbers.
    private const int IdleAfter = 10_000;

    private NewestDefinition _definition = new(definition);
    private EdgeShare[] _shares = [];
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

    /// <summary>What is kept for edges that are missed, and may go by their shares.</summary>
    public long KeptAt(long now)
    {
        var (kept, promised, isEscrowed) = (0L, 0L, false);
        foreach (var share in _shares)
        {
            kept += share.Escrow?.KeptAt(now) ?? 0;
            promised += share.Escrow?.Promised ?? 0;
            isEscrowed |= share.Escrow is not null;
        }

        return isEscrowed ? kept + OfAbsent(promised) : kept;
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
        var isCut = !share.Report(now, request, Definition.PeriodMilliseconds);
        share.Owe(now, request.Owed, Definition.PeriodMilliseconds);
        var escrow = Escrow(now, share, request);
        var asked = Math.Max(request.Want, request.Waiting);
        if (asked <= 0)
        {
            return new LedgerAnswer(Reply(now, 0, 0) with { Escrow = escrow }, recallAll ? Recall(now, null) : [], isCut, stranded);
        }

        share.AskedAt = now;
        var size = SizeFor(share, now, asked, request.Least);
        if (size > 0)
        {
            // What it was told to come for is not asked back.
            share.Lend(size, now + LifeAt(now) + 1, share.Turn is null ? request.Waiting : size);
            share.Turn = null;
        }

        var isDry = size < request.Waiting || size == 0;
        var recalls = recallAll ? Recall(now, null) : isDry && now - _recalledAt >= LeaseTerms.RecallPeriod ? Recall(now, share) : [];
        var reply = Reply(now, size, size > 0 ? grant : 0) with { Escrow = escrow };
        return new LedgerAnswer(size > 0 ? reply : Denied(reply, now, share, (request.Least, asked)), recalls, isCut, stranded);
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
            spent.Add(now - SlowClock.Less(Math.Max(0, age)) + 1, count, Definition.PeriodMilliseconds);
        }

        var share = Share(edge);
        share.Replace(spent);
        share.Escrow = memory.Escrow > 0 ? EdgeEscrow.Of(Math.Min(memory.Escrow, Definition.Limit), now) : null;
        if (memory.Held > 0)
        {
            share.Lend(memory.Held, now + SlowClock.More(Math.Max(0, memory.HeldForMilliseconds)) + 1);
        }
    }

    /// <summary>Goes on from what another holder had written down.</summary>
    public void Restore(LedgerMemory memory, long now, long away)
    {
        foreach (var known in memory.Shares)
        {
            var share = Share(known.Edge);
            share.Sequence = known.Sequence;
            share.Owed = known.Owed;
            share.Escrow = known.Escrow is { Length: 5 } escrow ? EdgeEscrow.Read(escrow, now, away) : null;
            foreach (var pair in known.Spent.Chunk(2))
            {
                share.Spent.Add(now + pair[0], pair[1], Definition.PeriodMilliseconds);
            }

            foreach (var pair in known.Leases.Chunk(2))
            {
                share.Lend(pair[1], now + pair[0]);
            }

            share.Granted = known.Granted;
        }
    }

    /// <inheritdoc />
    public long Sweep(long now)
    {
        var stranded = 0L;
        foreach (var share in _shares)
        {
            stranded += share.Sweep(now, Definition.PeriodMilliseconds);
            if (share.Escrow?.IsOver(now) == true)
            {
                share.Escrow = null;
            }

            if (IsIdle(share, now))
            {
                _shares = Array.FindAll(_shares, other => other != share);
            }
        }

        return stranded;
    }

    /// <inheritdoc />
    public bool IsIdle(long now) => now - _touchedAt >= IdleAfter && Charged == 0 && !HasEscrow;

    /// <inheritdoc />
    public LedgerMemory? Write(CounterId counter, long now) => Charged == 0 && !HasEscrow ? null : new LedgerMemory
    {
        Counter = counter,
        Definition = Definition,
        Shares = [.. _shares.Select(share => new ShareMemory
        {
            Edge = share.Edge,
            Sequence = share.Sequence,
            Owed = share.Owed,
            Escrow = share.Escrow?.Write(now),
            Spent = [.. share.Spent.Entries.SelectMany(entry => (long[])[entry.At - now, entry.Count])],
            Granted = share.Granted,
            Leases = [.. share.Leases.SelectMany(lease => (long[])[lease.Expiry - now, lease.Count])],
        })],
    };

    private bool HasEscrow => Array.Exists(_shares, share => share.Escrow is not null);

    private long OfAbsent(long promised) => Math.Max(0, Math.Min(Definition.Limit - promised, census.Absent * census.ShareOf(Definition.Limit)));

    // Shares are promised out of what nobody else was promised: all of them together are never more than the limit.
    private EscrowTerms? Escrow(long now, EdgeShare share, LeaseRequest request)
    {
        if (request.Escrow is null && share.Escrow is null)
        {
            return null;
        }

        census.IsAsked = true;
        var escrow = share.Escrow ??= EdgeEscrow.None();
        escrow.Hear(now, request, Definition.Limit);
        if (request.Escrow is not { IsWanted: true })
        {
            return null;
        }

        var promised = _shares.Sum(other => other == share ? 0 : other.Escrow?.Promised ?? 0);
        var tokens = Math.Min(census.ShareOf(Definition.Limit), Definition.Limit - promised - OfAbsent(promised + escrow.Promised));
        escrow.Promise(tokens);
        return tokens <= 0 ? null : new(tokens, LeaseTerms.EscrowFrom(Definition.PeriodMilliseconds), LeaseTerms.EscrowUntil);
    }

    // What others were told to come for is theirs.
    private long SizeFor(EdgeShare share, long now, long asked, long least)
    {
        var remaining = Definition.Limit - Charged - KeptAt(now);
        var own = share.Turn is { } turn && turn.IsDue(now) ? Math.Clamp(turn.Count, 0, Math.Max(0, remaining)) : 0;
        var available = Math.Max(remaining - Turns.Kept(_shares, share, now), own);
        return LeaseTerms.Size(asked, available, Definition.Limit, ActiveAt(now), Math.Max(least, own), PartAt(now));
    }

    private LeaseReply Denied(LeaseReply reply, long now, EdgeShare asker, (long Least, long Most) asked)
    {
        var isLent = Holders(now, asker).Any();
        var wait = WaitOf(now, asker, asked);
        if (KeptAt(now) > 0)
        {
            // Whoever is missed may be back at any time.
            wait = Math.Min(wait, LeaseTerms.LongestPatience);
        }

        if (isLent)
        {
            var sinceRecall = now - _recalledAt;
            var returns = sinceRecall < 2 * LeaseTerms.RecallTakes ? LeaseTerms.RecallTakes : LeaseTerms.RecallPeriod + LeaseTerms.RecallTakes - sinceRecall;
            wait = Math.Min(wait, Math.Max(1, returns));
        }

        return reply with { IsSpent = !isLent, RetryAfterMilliseconds = (int)wait };
    }

    private long WaitOf(long now, EdgeShare asker, (long Least, long Most) asked)
    {
        var free = Definition.Limit - Charged - KeptAt(now);
        var active = ActiveAt(now);
        if (LeaseTerms.HasTurns(Definition.PeriodMilliseconds, Definition.Limit, active))
        {
            return Bounded(Turns.Give(_shares, asker, now, Definition, free, asked, active) - now);
        }

        var wait = Bounded(Turns.WorthAsking(_shares, Definition, free, asked.Least) - now);
        foreach (var share in _shares)
        {
            // Too little to ask back comes back by itself.
            if (share != asker && share.IdleAt(now) > 0)
            {
                wait = Math.Clamp(share.LastExpiry - now, 1, wait);
            }
        }

        return wait;
    }

    // Not the millisecond that now was rounded down by: nobody is told to wait for more than a period.
    private long Bounded(long wait) => Math.Clamp(wait, 1, Definition.PeriodMilliseconds);

    private LeaseReply Reply(long now, long granted, long grant) => new()
    {
        Granted = granted,
        Grant = grant,
        ValidForMilliseconds = granted > 0 ? LifeAt(now) : 0,
        Remaining = Math.Max(0, Definition.Limit - Charged - KeptAt(now)),
        ActiveEdges = ActiveAt(now),
    };

    private bool IsIdle(EdgeShare share, long now) =>
        share.Charged == 0 && share.Escrow is null && now - share.AskedAt >= IdleAfter && now - _touchedAt >= IdleAfter && share.Turn?.IsKept(now) != true;

    private int LifeAt(long now) => LeaseTerms.Life(Definition.PeriodMilliseconds, Definition.Limit, ActiveAt(now));

    private long PartAt(long now) => LeaseTerms.Part(Definition.PeriodMilliseconds, Definition.Limit, ActiveAt(now));

    private Guid[] Recall(long now, EdgeShare? asker)
    {
        _recalledAt = now;
        return [.. Holders(now, asker).Select(share => share.Edge)];
    }

    private IEnumerable<EdgeShare> Holders(long now, EdgeShare? asker)
    {
        var least = LeaseTerms.Recallable(Definition.Limit, ActiveAt(now), PartAt(now));
        return _shares.Where(share => share != asker && share.IdleAt(now) >= least);
    }

    private int ActiveAt(long now)
    {
        var (active, time) = (0, LeaseTerms.Active(Definition.PeriodMilliseconds));
        foreach (var share in _shares)
        {
            active += now - share.AskedAt < time ? 1 : 0;
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
        _shares = [.. _shares, share];
        return share;
    }
}
