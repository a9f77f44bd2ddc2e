using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// The tokens of one counter that this edge has in hand, and what it did with them: a lease in use and perhaps the next, and what is set aside. Taking
/// from the lease in use is free of locks; all else happens under the lock of the partition.
/// </summary>
internal sealed class TokenHand(LeasedCounter counter, CounterClock clock, CounterOptions options)
{
    // In beats: how long before its end a lease in use is followed by another, and how long leases live for which that is done.
    private const int RenewBeats = 2;
    private const int LeastLife = 6;

    private readonly long _horizon = clock.Ticks(options.Horizon);
    private readonly long _idleAfter = clock.Ticks(options.IdleQuotaLease);
    private readonly long _beat = clock.Ticks(options.Beat);
    private SliceSize _slice;
    private LeasePair _leases;
    private ReservedTokens? _reserved;
    private long _reports;
    private Steadiness _steadiness = new(clock.Ticks(4 * options.Beat));

    /// <summary>The lease in use; null when there is none.</summary>
    public Lease? Current => _leases.Current;

    /// <summary>The lease that comes next; null when there is none.</summary>
    public Lease? Next => _leases.Next;

    /// <summary>What was spent.</summary>
    public SpendBook Book { get; } = new(counter);

    /// <summary>How many tokens to ask for at once.</summary>
    public long Want => _slice.Want;

    /// <summary>True while there is something in it.</summary>
    public bool IsLive => Current is not null || Reserved > 0;

    /// <summary>Set when the partition has to hear that less is held than it lent, or that more was used.</summary>
    public bool MustReport { get; set; }

    private long Reserved => _reserved?.Tokens ?? 0;

    /// <summary>Takes tokens, all or none; ends leases on the way that are used up or over.</summary>
    public bool TryTake(long now, long count, out EdgeGrant grant, out long left)
    {
        while (Current is { } current)
        {
            if (!current.IsOver(now))
            {
                if (current.TryTake(count, out left))
                {
                    grant = current;
                    return true;
                }

                if (count > 1 && current.TakeUpTo(count) is > 0 and var some)
                {
                    return TakeRest(current, some, count, now, out grant, out left);
                }
            }

            EndCurrent(now);
        }

        (grant, left) = (null!, 0);
        return false;
    }

    /// <summary>Sets tokens aside that were just taken.</summary>
    public void Reserve(Reservation reservation, long now)
    {
        Account(now);
        if (reservation.Grant is not NoGrant)
        {
            Book.Undo(reservation.Count, now);
            (_reserved ??= new()).Add(reservation);
        }
    }

    /// <summary>A request has said what it used of what was set aside for it.</summary>
    public void Settle(Reservation reservation, long used, long now)
    {
        if (reservation.IsSettled)
        {
            return;
        }

        reservation.IsSettled = true;
        Account(now);
        var spent = Math.Min(used, reservation.Count);
        if (_reserved?.Remove(reservation) == true)
        {
            Book.Spend(spent, now);
            if (reservation.Count > spent)
            {
                Free(reservation.Grant, reservation.Count - spent);
            }
        }
        else if (reservation.Grant is NoGrant pass && reservation.Count > spent)
        {
            Book.UndoPass(reservation.Count - spent, pass.NotedAt);
        }

        Owe(used - spent, now);
    }

    /// <summary>A request passes in an outage, without a grant.</summary>
    public void Pass(long count, long now, long within = 0)
    {
        Book.Pass(count, now, within);
        MustReport |= counter.IsQuota;
    }

    /// <summary>Takes a grant into the hand.</summary>
    public void Add(Lease lease, long now)
    {
        if (Next is { } older)
        {
            End(older, now);
        }

        _leases.Add(lease);
    }

    /// <summary>Ends leases that are used up or over, and sees to it that one in use is followed by another.</summary>
    public void Beat(long now)
    {
        EndWhatIsOver(now);
        if (counter.IsLarge && Next is null && Current is { IsStripped: false } used && used.Deadline - now < RenewBeats * _beat && used.IsInUse(LeastLife * _beat))
        {
            counter.WantMore();
        }
    }

    /// <summary>How many tokens a grant must have to serve a request for so many, besides those that are kept until it comes.</summary>
    public long Missing(long count, long now) => Current is { } current && !current.IsOver(now) ? Math.Max(1, count - current.Tokens) : count;

    /// <summary>What a call says: tokens spent that no answered call has told, and when; those held; and what was used beyond grants.</summary>
    public (long Spent, SpendMemory[] Earlier, long Held, long Owed) Report(long now)
    {
        EndWhatIsOver(now);
        _leases.Hold(Renew(Current, now), Renew(Next, now));
        _reports++;
        MustReport = false;
        var (spent, owed) = Book.Tell();
        return (spent, _steadiness.Ages(Book.History, clock, now, spent), _leases.Unaccounted + Reserved, owed);
    }

    /// <summary>The report may have been heard or not.</summary>
    public void Doubt()
    {
        Book.Doubt();
        MustReport = true;
    }

    /// <summary>Keeps only what this edge uses within a time, at the pace of the lease in use.</summary>
    public void Strip(long now, long time)
    {
        Account(now);
        if (Current is { } current)
        {
            var used = current.Size - current.Unaccounted;
            Strip(current, (long)((double)used * time / Math.Max(1, now - current.Began)));
        }

        if (Next is { } next)
        {
            Strip(next, 0);
        }

        MustReport = true;
    }

    /// <summary>
    /// Goes on under another epoch with what is in hand, and with nothing else; all spends count as told. Asked again under the same epoch, what was spent in
    /// between is told also by the next call: the partition may have taken the first answer.
    /// </summary>
    /// <returns>How many tokens, and when the last of them ends.</returns>
    public (long Held, long Deadline) Reissue(long now, long epoch)
    {
        Account(now);
        var current = Reissue(Current, now, epoch);
        var next = Reissue(Next, now, epoch);
        _leases.Hold(current, next);
        if (epoch != counter.Partition.Epoch)
        {
            Book.Forget();
        }

        MustReport = Book.HasNews;
        var deadline = Math.Max(Math.Max(current?.Deadline ?? now, next?.Deadline ?? now), _reserved?.LastDeadline ?? now);
        return ((current?.Size ?? 0) + (next?.Size ?? 0) + Reserved, deadline);
    }

    /// <summary>What is in hand is worth nothing any more.</summary>
    public void Invalidate(long now)
    {
        foreach (var lease in (ReadOnlySpan<Lease?>)[Current, Next])
        {
            if (lease is not null)
            {
                Shut(lease, now);
            }
        }

        Book.Spend(_reserved?.Expire(null) ?? 0, now);
        _leases.Hold(null, null);
        Book.Forget();
    }

    /// <summary>Tokens were taken and are not used. They stay spent when a partition may have been told so.</summary>
    /// <param name="lease">Where they come from.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">Now.</param>
    /// <param name="isOver">True when its time is over: then they were not spent, and are not held either.</param>
    public void PutBack(Lease lease, long count, long now, bool isOver)
    {
        Account(now);
        // Spends of a lease that was shut before the last report have been told.
        if (lease.Epoch != counter.Partition.Epoch || (lease.IsShut && lease.ShutBefore != _reports))
        {
            return;
        }

        count = Book.Undo(count, lease.Began);
        if (count == 0)
        {
            return;
        }

        if (!isOver && lease.TryPutBack(count))
        {
            lease.Unaccounted += count;
        }
        else
        {
            MustReport = true;
            counter.AskAnew();
        }
    }

    private void EndWhatIsOver(long now)
    {
        _steadiness.Look(now);
        Account(now);
        while (Current is { } lease && (lease.Tokens == 0 || lease.IsOver(now) || (counter.IsQuota && now - lease.UsedAt > _idleAfter)))
        {
            EndCurrent(now);
        }
    }

    private bool TakeRest(Lease current, long some, long count, long now, out EdgeGrant grant, out long left)
    {
        if (some == count)
        {
            (grant, left) = (current, current.Tokens);
            return true;
        }

        if (Next is { } next && !next.IsOver(now) && next.TryTake(count - some, out left))
        {
            grant = new SplitGrant(counter, current, some, next);
            return true;
        }

        current.TryPutBack(some);
        (grant, left) = (null!, 0);
        return false;
    }

    /// <summary>Set aside and not used: back into the hand if there is one, else they are not held any more.</summary>
    private void Free(EdgeGrant grant, long count)
    {
        // The lease may have been renewed since: its tokens are of the same grant.
        MustReport |= !(grant is Lease taken && _leases.TryPutBack(taken.Grant, count));
    }

    /// <summary>More was used than was taken: what is in hand pays first.</summary>
    private void Owe(long count, long now)
    {
        count -= count > 0 ? _leases.TakeUpTo(count, now) : 0;
        Account(now);
        if (count > 0)
        {
            Book.Owe(count, now);
            MustReport = true;
        }
    }

    private void Strip(Lease lease, long keep)
    {
        var stripped = lease.Strip(keep);
        lease.Unaccounted -= stripped;
        lease.IsStripped |= stripped > 0;
        if (stripped > lease.Size / 2)
        {
            _slice.Shrink();
        }
    }

    private void EndCurrent(long now)
    {
        End(Current!, now);
        _leases.Hold(Next, null);
    }

    private void End(Lease lease, long now)
    {
        var left = Shut(lease, now);
        if (left == 0)
        {
            if (!lease.IsStripped)
            {
                _slice.UsedUp(lease.Size, now - lease.Began, Math.Min(lease.Deadline - lease.Began, _horizon));
            }

            return;
        }

        // With another one in hand the next call, which is not far, tells of it.
        if (Next is null || ReferenceEquals(lease, Next) || counter.IsQuota)
        {
            MustReport = true;
            counter.AskAnew();
        }

        if (left > lease.MostLeft)
        {
            _slice.Shrink();
        }
    }

    private static Lease? Reissue(Lease lease, long left, long now, long epoch) => left > 0 && !lease.IsOver(now) ? lease.Continue(left, now, epoch) : null;

    private Lease? Reissue(Lease? lease, long now, long epoch) => lease is null ? null : Reissue(lease, Shut(lease, now), now, epoch);

    // What was taken from a lease so far is told now: whoever gives that back later must not be taken for one who gives back what was taken since.
    private Lease? Renew(Lease? lease, long now) =>
        lease is not null && lease.Unaccounted < lease.Size && Shut(lease, now) is > 0 and var left ? lease.Renew(left) : lease is { IsShut: false } ? lease : null;

    private long Shut(Lease lease, long now)
    {
        var left = lease.Close();
        lease.ShutBefore = _reports;
        Book.Spend(lease.Unaccounted - left, Since(now));
        lease.Unaccounted = 0;
        return left;
    }

    /// <summary>Tokens were taken until this look, which may be later than what led to it.</summary>
    private long Since(long now) => Math.Max(now, clock.Now);

    private void Account(long now)
    {
        Book.Spend(_reserved?.Expire(now) ?? 0, now);
        foreach (var lease in (ReadOnlySpan<Lease?>)[Current, Next])
        {
            if (lease is null)
            {
                continue;
            }

            var left = lease.Tokens;
            if (left != lease.Unaccounted)
            {
                lease.UsedAt = now;
                Book.Spend(lease.Unaccounted - left, Since(now));
                lease.Unaccounted = left;
            }
        }
    }
}
