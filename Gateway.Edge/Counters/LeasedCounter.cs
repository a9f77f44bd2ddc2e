using Gateway.Contracts.Counters;
using Gateway.Edge.Models;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// One counter on this edge: what is in hand and known of it, and who waits for more. Requests are decided without a lock where that is
/// enough; all else happens under the lock of the partition.
/// </summary>
internal sealed class LeasedCounter : PartitionCounter
{
    private const int BytesInKilobyte = 1024;

    private readonly CounterSite _site;
    private readonly CounterTerms _terms;
    private readonly TokenHand _hand;
    private readonly SiteView _view;
    private WaitingLine? _line;
    private OutageGuess? _guess;
    private EscrowShare? _escrow;
    private Denial? _denial;
    private long _bytes;
    private long _lostSince;
    private bool _wantsMore;

    public LeasedCounter(CounterPartition partition, CounterSite site, CounterId id, CounterDefinition definition, QuotaLabel? label)
        : base(partition, id)
    {
        _site = site;
        _terms = new(definition, label, site.Clock);
        _hand = new(this, site.Clock, site.Options);
        _view = new(site.Clock);
    }

    /// <summary>What it allows.</summary>
    public CounterDefinition Definition => _terms.Definition;

    /// <summary>Of a quota: how operators find it.</summary>
    public QuotaLabel? Label => _terms.Label;

    /// <summary>True for fixed periods, false for a window that slides.</summary>
    public bool IsQuota => Definition.Quota is not null;

    /// <summary>True of a rate limit of which a token that is in hand for nothing is so small a part that it is better asked for too early than too late.</summary>
    public bool IsLarge => !IsQuota && Definition.Limit >= _site.Options.AheadFrom;

    /// <summary>The length of the window, in ticks.</summary>
    public long Window => _terms.Window;

    /// <summary>What this edge spent of it within the window.</summary>
    public SpendHistory History => _hand.Book.History;

    /// <inheritdoc />
    public override bool IsLive => _hand.IsLive || Waiting > 0 || _escrow is { IsHeld: true };

    /// <inheritdoc />
    public override bool HasBusiness => Wants || _hand.MustReport;

    /// <inheritdoc />
    public override bool HasNews => _hand.Book.HasNews;

    /// <inheritdoc />
    public override long? Bound => _guess is { } guess ? guess.Bound : 0;

    private long Waiting => _line?.Tokens ?? 0;

    private bool Wants => Waiting > 0 || (_wantsMore && _hand.Next is null);

    /// <summary>Decides without a lock, when tokens are in hand or the window is known to be spent.</summary>
    public bool TryTake(long count, out LimitDecision decision)
    {
        var lease = _hand.Current;
        if (lease is not null && lease.TryTake(count, out var left))
        {
            // Only now: the process may have stood still in between.
            var now = _site.Clock.Now;
            if (!lease.IsOver(now) && lease.IsRunningOut(count, left))
            {
                Partition.Prefetch(this);
                now = _site.Clock.Now;
            }

            if (!lease.IsOver(now))
            {
                decision = Admit(lease, left, now);
                return true;
            }

            lease.Void(count);
        }
        else if (_hand.Next is null && Volatile.Read(ref _denial) is { } denial && _site.Clock.Now is var now && denial.Holds(now, count))
        {
            if (denial.Note())
            {
                Partition.Prefetch(this);
            }

            decision = Deny(denial.FreeAt, now);
            return true;
        }

        decision = default;
        return false;
    }

    /// <summary>True when this rule in this publication says nothing new.</summary>
    public bool Knows(LimitRule rule, PublicationModel publication) => _terms.Know(rule, publication);

    /// <summary>Takes over what the newest publication says.</summary>
    public void Redefine(LimitRule rule, PublicationModel publication, bool isCurrent)
    {
        if (_terms.Redefine(rule, publication, isCurrent))
        {
            AskAnew();
            _hand.MustReport = true;
        }
    }

    /// <summary>What was said of it holds no more: the partition may be asked at once.</summary>
    public void AskAnew()
    {
        Volatile.Write(ref _denial, null);
        NotBefore = long.MinValue;
    }

    /// <summary>Decides under the lock, by what is in hand and known.</summary>
    public bool TryDecide(in TokenWish wish, long now, out LimitDecision decision)
    {
        if (_hand.TryTake(now, wish.Count, out var grant, out var left))
        {
            _wantsMore |= wish.IsEstimate && grant is Lease lease && lease.IsRunningOut(wish.Count, left);
            decision = Reserve(Admit(grant, left, now), wish, now);
            return true;
        }

        if (wish.Count > Definition.Limit || _denial?.Holds(now, wish.Count) == true)
        {
            decision = Deny(_denial?.FreeAt ?? (IsQuota ? _view.PeriodEnds : now + Window), now);
            return true;
        }

        decision = default;
        if (wish.OnOutage == LimitOutage.Escrow)
        {
            _escrow ??= new(_site.Clock);
        }

        var isMissed = wish.OnOutage == LimitOutage.Escrow && _escrow!.IsDue(now);
        if (!_view.IsStoreAway && !_site.Contact.IsOutage(now) && !isMissed)
        {
            return false;
        }

        // Nobody waits: the partition is asked all the same, to hear when its store is back.
        _wantsMore |= _view.IsStoreAway;
        decision = Reserve((_guess ??= new(this, _site, _hand, _view)).Decide(wish, _escrow, now), wish, now);
        return true;
    }

    /// <summary>Adds a request that waits.</summary>
    public void Enqueue(TokenWaiter waiter)
    {
        (_line ??= new()).Add(waiter);
        AskForFewer();
    }

    /// <summary>Asks for the next slice before this one is used up.</summary>
    public void WantMore() => _wantsMore = true;

    /// <inheritdoc />
    public override LeaseRequest Ask(long now)
    {
        var want = Wants ? _hand.Want : 0;
        IsAsking = true;
        _wantsMore = false;
        var (spent, earlier, held, owed) = _hand.Report(now);
        return new()
        {
            Counter = Id,
            Definition = Definition,
            Want = want,
            Waiting = (int)Math.Min(Waiting, int.MaxValue),
            Least = _line?.First is { } first ? _hand.Missing(first.Count, now) : 0,
            Spent = spent,
            Earlier = earlier,
            Held = held,
            Owed = owed,
            Label = _terms.Label,
            LostSince = _lostSince,
            Escrow = _escrow?.Claim(now, want > 0),
        };
    }

    /// <inheritdoc />
    public override void GiveUp(long sequence)
    {
        _lostSince = _lostSince == 0 ? sequence : _lostSince;
        Doubt();
    }

    /// <inheritdoc />
    public override void Postpone(long until)
    {
        Doubt();
        NotBefore = until;
    }

    /// <inheritdoc />
    public override void Answer(LeaseRequest request, LeaseReply reply, long epoch, long sent, long now)
    {
        IsAsking = false;
        _lostSince = 0;
        _hand.Book.Heard();
        _guess?.End();
        _view.Hear(reply, now);
        _hand.MustReport |= _escrow?.Hear(reply.Escrow, sent, now) == true;
        if (reply.Granted > 0)
        {
            _wantsMore = false;
            _hand.Add(new(this, epoch, new(Id, epoch, reply.Grant), reply.Granted, now, _site.Clock.Deadline(sent, reply.ValidForMilliseconds)), now);
        }

        NotBefore = now + _site.Clock.Ticks(reply.RetryAfterMilliseconds);
        var freeAt = IsQuota ? _view.PeriodEnds : NotBefore;
        Volatile.Write(ref _denial, reply is { IsSpent: true, Granted: 0 } ? new(NotBefore, Math.Max(1, request.Least), freeAt, IsLarge) : null);
        if (!IsQuota && reply.Granted == 0 && _hand.MustReport)
        {
            // What ended meanwhile is free with the next call.
            AskAnew();
        }

        Serve(now);
    }

    /// <summary>Lets waiting requests go on whose question is decided by now.</summary>
    public void Serve(long now)
    {
        while (_line?.First is { } waiter)
        {
            LimitDecision decision = default;
            if (!waiter.Task.IsCompleted && !TryDecide(waiter.Wish, now, out decision))
            {
                if (now < waiter.Wish.Until)
                {
                    AskForFewer();
                    return;
                }

                decision = Decisions.Undecided;
            }

            _line.RemoveFirst();
            _site.Leave();
            if (!waiter.TrySetResult(decision))
            {
                Return(decision, waiter.Count, now);
            }
        }
    }

    /// <inheritdoc />
    public override void Beat(long now)
    {
        _hand.Beat(now);
        _hand.MustReport |= _escrow?.Beat(now) == true;
        Serve(now);
    }

    /// <inheritdoc />
    public override void Recall(long now) => GiveBack(now, _site.KeptAtRecall);

    /// <inheritdoc />
    public override void Quit(long now)
    {
        _escrow?.GiveUp();
        GiveBack(now, 0);
    }

    /// <inheritdoc />
    public override CounterMemory? Echo(long now, long epoch)
    {
        var (held, deadline) = _hand.Reissue(now, epoch);
        var spent = _hand.Book.Describe(_site.Clock, now);
        var escrow = _escrow?.Tokens ?? 0;
        return held == 0 && spent.Length == 0 && escrow == 0 ? null : new()
        {
            Counter = Id,
            Definition = Definition,
            Held = held,
            HeldForMilliseconds = _site.Clock.MillisecondsAtLeast(deadline - now),
            Spent = spent,
            Escrow = escrow,
        };
    }

    /// <inheritdoc />
    public override void Invalidate(long now) => _hand.Invalidate(now);

    /// <summary>Tokens were taken and are not used.</summary>
    public void PutBack(EdgeGrant grant, long count, long now, bool isOver)
    {
        grant.Return(_hand, count, now, isOver);
        Serve(now);
    }

    /// <summary>A request has said what it used of what was set aside for it.</summary>
    public void Settle(Reservation reservation, long used, long now)
    {
        if (_terms.Label is { Measure: QuotaMeasure.Bandwidth } && !reservation.IsSettled)
        {
            // Less than a KB waits for more.
            (used, _bytes) = Math.DivRem(_bytes + used, BytesInKilobyte);
        }

        _hand.Settle(reservation, used, now);
        Serve(now);
    }

    /// <inheritdoc />
    /// <remarks>What is spent of a quota and not told would be taken for given back. Of a rate limit it has left the window by then.</remarks>
    public override void Tidy() => _hand.MustReport |= IsQuota && !IsLive && HasNews;

    /// <inheritdoc />
    public override bool IsIdle(long now) =>
        !IsLive && !IsQueued && !IsAsking && !_hand.MustReport && _denial?.Holds(now, long.MaxValue) != true
        && History.Total(now, Window) == 0;

    private void GiveBack(long now, long keep)
    {
        _hand.Strip(now, keep);
        AskAnew();
    }

    private void Doubt()
    {
        IsAsking = false;
        _hand.Doubt();
    }

    private LimitDecision Admit(EdgeGrant grant, long left, long now)
    {
        var next = _hand.Next;
        var own = left + (next is null || ReferenceEquals(next, grant) ? 0 : next.Tokens);
        var ends = IsQuota ? _view.PeriodEnds : now + Window;
        return Decisions.Admit(_site.Stamped(grant), _view.Tell(own, now, ends), IsQuota ? _site.Clock.SecondsUntil(ends, now) : 0);
    }

    private LimitDecision Reserve(in LimitDecision decision, in TokenWish wish, long now)
    {
        if (!wish.IsEstimate || decision.Grant is not EdgeGrant grant)
        {
            return decision;
        }

        var reservation = new Reservation(this, grant, wish.Count);
        _hand.Reserve(reservation, now);
        return decision with { Grant = reservation };
    }

    private void Return(in LimitDecision decision, long count, long now)
    {
        if (decision.Grant is Reservation reservation)
        {
            _hand.Settle(reservation, 0, now);
        }
        else if (decision.Grant is EdgeGrant grant)
        {
            grant.Return(_hand, count, now, isOver: false);
        }
    }

    /// <summary>A partition that has not enough for one request may have it for another.</summary>
    private void AskForFewer()
    {
        if (_denial is { } denial && _line?.First is { } first && first.Count < denial.Count)
        {
            NotBefore = long.MinValue;
        }
    }

    private LimitDecision Deny(long freeAt, long now) => Decisions.Deny(_site.Clock.SecondsUntil(freeAt, now));
}
