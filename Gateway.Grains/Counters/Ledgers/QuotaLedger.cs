using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// One quota: lends out of what its account has reserved in the state store, so that whoever else believes to hold the counter cannot lend the same. A token
/// is gone with its grant, until it is given back or the period ends.
/// </summary>
internal sealed class QuotaLedger(CounterDefinition definition, SiteTime site) : ICounterLedger
{
    /// <summary>No limit and no count is greater.</summary>
    public const long GreatestCount = 1L << 50;

    private const int LongestLife = 600_000;
    private const int LongestDenial = 60_000;
    private const int IdleAfter = 60_000;
    private const int ReservingTakes = 4;
    private const int AwayRetry = 250;

    private NewestDefinition _definition = new(definition);
    private Few<QuotaShare> _shares;
    private long _recalledAt = long.MinValue / 2;
    private long _touchedAt = long.MinValue / 2;
    private bool _isTidying;
    private long _wanted;
    private bool _isAsked;
    private QuotaLabel? _label;

    /// <inheritdoc />
    public CounterDefinition Definition => _definition.Current;

    /// <summary>What is reserved of it.</summary>
    public QuotaAccount Account { get; } = new(site);

    /// <summary>How operators find it; null when no edge has said so here.</summary>
    public QuotaLabel? Label => _label;

    /// <summary>The edges that hold something of it.</summary>
    public IReadOnlyList<QuotaShare> Shares => _shares.ToArray();

    /// <summary>Tokens lent and not accounted for.</summary>
    public long Lent
    {
        get
        {
            var lent = 0L;
            foreach (var share in _shares)
            {
                lent += share.Lent;
            }

            return lent;
        }
    }

    /// <inheritdoc />
    public LedgerAnswer Acquire(long now, Guid edge, long sequence, LeaseRequest request, long grant)
    {
        _touchedAt = now;
        _label = Account.IsListed && Account.IsOpen(now) ? null : request.Label ?? _label;
        var recallAll = _definition.Adopt(request.Definition);
        var share = Share(edge);
        share.HeardAt = now;
        if (sequence <= share.Sequence)
        {
            return new LedgerAnswer(Reply(now, 0, 0) with { RetryAfterMilliseconds = ReservingTakes }, [], false, 0);
        }

        var lost = request.LostSince > 0 && share.Sequence >= request.LostSince ? share.Lose() : 0;
        share.Sequence = sequence;
        share.Owed = Math.Clamp(request.Owed, 0, GreatestCount);
        Account.Owe(edge, share.Owed);
        _isAsked |= share.Owed > 0 && !Account.IsKnown;
        Account.GiveBack(lost + share.Report(request.Spent, request.Held, out var isCut), Lent);
        var asked = Math.Max(request.Want, request.Waiting);
        if (asked <= 0)
        {
            return new LedgerAnswer(Reply(now, 0, 0), recallAll ? Recall(now, null) : [], isCut, 0);
        }

        share.AskedAt = now;
        var free = Account.Free(Definition.Limit);
        var least = Math.Max(1, request.Least);
        var size = Account.IsOpen(now) ? Math.Min(LeaseTerms.Size(asked, free, Definition.Limit, ActiveAt(now), least), Account.Pool) : 0;
        size = size < least ? 0 : size;
        if (size > 0)
        {
            Account.Take(size);
            share.Lend(size, now + LifeAt(now) + 1, request.Waiting);
        }

        var needed = size > 0 || (Account.IsOpen(now) && free < least) ? 1 : least;
        if (!Account.IsOpen(now) || Account.IsLow(Definition.Limit, needed))
        {
            _wanted = Math.Max(_wanted, needed);
        }

        var isDry = Account.IsOpen(now) && (size > 0 ? size == free && size < request.Waiting : free < least);
        var recalls = recallAll ? Recall(now, null) : isDry && now - _recalledAt >= LeaseTerms.RecallPeriod ? Recall(now, share) : [];
        var reply = Reply(now, size, size > 0 ? grant : 0);
        return new LedgerAnswer(size > 0 ? reply : Denied(reply, now, share, least), recalls, isCut, 0);
    }

    /// <inheritdoc />
    /// <remarks>What the edge spent is in the count since it was granted, and so is what it holds; only what it gives back is worth knowing.</remarks>
    public void Learn(long now, Guid edge, CounterMemory memory)
    {
        _touchedAt = now;
        _definition.Adopt(memory.Definition);
        _isAsked = true;
        var share = Share(edge);
        share.HeardAt = now;
        share.Replace(Math.Clamp(memory.Held, 0, GreatestCount), now + Math.Max(0, memory.HeldForMilliseconds) + (memory.HeldForMilliseconds / 100) + 1);
        if (Account.IsOpenedHere)
        {
            // Of the last period, then.
            Account.Take(share.HeldAt(now));
        }
    }

    /// <inheritdoc />
    public long Sweep(long now)
    {
        var stranded = 0L;
        foreach (var share in _shares)
        {
            if (share.HeldAt(now) == 0 && now - (share.Lent == 0 ? share.HeardAt : Math.Max(share.HeardAt, share.Expiry)) >= IdleAfter)
            {
                stranded += share.Lent;
                _shares.Remove(share);
            }
        }

        _isTidying = true;
        return stranded;
    }

    /// <inheritdoc />
    public bool IsIdle(long now) => _shares.Count == 0 && IsUntouched(now) && !HasWork(now);

    /// <inheritdoc />
    public LedgerMemory? Write(CounterId counter, long now) => _shares.Count == 0 ? null : new LedgerMemory
    {
        Counter = counter,
        Definition = Definition,
        Quota = Account.Record?.ToString() ?? "",
        Shares = [.. Shares.Select(share => new ShareMemory
        {
            Edge = share.Edge,
            Sequence = share.Sequence,
            Spent = [],
            Granted = share.Granted,
            Leases = [share.Expiry - now, share.Lent],
        })],
    };

    /// <summary>Goes on from what another holder had written down.</summary>
    public void Restore(LedgerMemory memory, long now)
    {
        _touchedAt = now;
        Account.Restore(QuotaRecord.Parse(memory.Quota));
        foreach (var known in memory.Shares)
        {
            var share = Share(known.Edge);
            share.Sequence = known.Sequence;
            share.HeardAt = now;
            share.Replace(known.Leases[1], now + known.Leases[0], known.Granted);
        }
    }

    /// <summary>True when the store has to be read or written now.</summary>
    public bool IsDue(long now) => now >= Account.NotBefore && HasWork(now);

    /// <summary>True when the store has to be read or written sooner or later.</summary>
    public bool HasWork(long now) =>
        _wanted > 0 || _isAsked || Account.IsSetting || Account.IsOwing(now) || (IsUntouched(now) && Account.Exceeds(0, now))
        || (_isTidying && Account.Exceeds(QuotaAccount.Chunk(Definition.Limit), now));

    /// <summary>True while somebody waits for the record.</summary>
    public bool IsAsked => _isAsked;

    /// <summary>The count is wanted, whether or not an edge asks.</summary>
    public void Ask(long now) => (_isAsked, _touchedAt) = (true, now);

    /// <summary>Sets the count. What edges hold comes on top.</summary>
    public void Set(long count, long now)
    {
        _touchedAt = now;
        Account.Set(count);
    }

    /// <summary>Takes a reading of the store.</summary>
    public void Read(long now, string? text)
    {
        if (Account.Read(text))
        {
            Begin(now);
        }

        foreach (var share in _shares)
        {
            Account.Owe(share.Edge, share.Owed);
        }
    }

    /// <summary>What to write to the store now; null for nothing.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="counter">The counter's name.</param>
    /// <param name="nonce">Marks the write.</param>
    /// <param name="isLeaving">The holder ends: what is not lent is given back.</param>
    public QuotaWrite? Plan(long now, CounterId counter, QuotaNonce nonce, bool isLeaving)
    {
        if (Account.IsSetting)
        {
            // What nobody can spend any more does not come on top.
            foreach (var share in _shares)
            {
                share.Carry(now);
            }
        }

        var keeps = isLeaving || IsUntouched(now) ? QuotaKeep.Nothing : _isTidying ? QuotaKeep.Chunk : QuotaKeep.All;
        var need = new QuotaNeed(Definition, _label, isLeaving ? 0 : _wanted, keeps, Lent);
        var write = Account.Plan(now, counter, need, nonce);
        (_wanted, _isAsked, _isTidying) = (0, false, false);
        return write;
    }

    /// <summary>What became of the write that was planned last.</summary>
    public void Settle(long now, bool isWritten)
    {
        _isAsked |= !isWritten;
        if (Account.Settle(now, isWritten))
        {
            Begin(now);
        }
    }

    /// <summary>The store did not answer.</summary>
    public void Fail(long now) => Account.Fail(now, AwayRetry);

    /// <summary>The period and its count, as far as the store was read.</summary>
    public (long Start, long End, long Used) View(long now)
    {
        if (Account.IsOpen(now) && Account.Record is { } record)
        {
            return (record.Start, record.End, Math.Max(0, Account.Reserved - Account.Pool - Lent));
        }

        var (start, end) = Account.PeriodAt(Definition.Quota!, now);
        return (start, end, 0);
    }

    // What can still be spent, because a clock was stepped, counts in the new period too.
    private void Begin(long now)
    {
        foreach (var share in _shares)
        {
            Account.Take(share.Carry(now));
        }
    }

    private bool IsUntouched(long now) => now - _touchedAt >= IdleAfter;

    private int LifeAt(long now) => (int)Math.Min(LongestLife, Account.EndsIn(now));

    private LeaseReply Denied(LeaseReply reply, long now, QuotaShare asker, long least)
    {
        if (!Account.IsOpen(now) || Account.Free(Definition.Limit) >= least)
        {
            return reply with { IsStoreAway = Account.IsAway, RetryAfterMilliseconds = Account.IsAway ? AwayRetry : ReservingTakes };
        }

        if (Holders(now, asker).Any())
        {
            var sinceRecall = now - _recalledAt;
            var returns = sinceRecall < 2 * LeaseTerms.RecallTakes ? LeaseTerms.RecallTakes : LeaseTerms.RecallPeriod + LeaseTerms.RecallTakes - sinceRecall;
            return reply with { RetryAfterMilliseconds = (int)Math.Max(1, returns) };
        }

        // An edge that does not answer may come back with what it holds.
        var longest = Shares.Any(share => share != asker && share.IsSilent(now) && share.HeldAt(now) > 0) ? LeaseTerms.LongestPatience : LongestDenial;
        return reply with { IsSpent = true, RetryAfterMilliseconds = (int)Math.Clamp(Account.EndsIn(now), 1, longest) };
    }

    private LeaseReply Reply(long now, long granted, long grant)
    {
        var isOpen = Account.IsOpen(now);
        return new LeaseReply
        {
            Granted = granted,
            Grant = grant,
            ValidForMilliseconds = granted > 0 ? LifeAt(now) : 0,
            Remaining = isOpen ? Math.Max(0, Account.Free(Definition.Limit)) : 0,
            ActiveEdges = ActiveAt(now),
            PeriodEndsInMilliseconds = isOpen && Account.EndsIn(now) is not QuotaCalendar.Never and var ends ? ends : 0,
        };
    }

    private Guid[] Recall(long now, QuotaShare? asker)
    {
        _recalledAt = now;
        var holders = Holders(now, asker).ToArray();
        Array.ForEach(holders, share => share.Recall(now));
        return [.. holders.Select(share => share.Edge)];
    }

    private IEnumerable<QuotaShare> Holders(long now, QuotaShare? asker) => Shares.Where(share => share != asker && share.IdleAt(now) > 0);

    private int ActiveAt(long now)
    {
        var active = 0;
        foreach (var share in _shares)
        {
            active += now - share.AskedAt < LeaseTerms.ActiveFor ? 1 : 0;
        }

        return active;
    }

    private QuotaShare Share(Guid edge)
    {
        foreach (var known in _shares)
        {
            if (known.Edge == edge)
            {
                return known;
            }
        }

        var share = new QuotaShare(edge);
        _shares.Add(share);
        return share;
    }
}
