using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Edge.Models;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// One counter on this edge: what is in hand and known of it, and who waits for more. Requests are decided without a lock where that is
/// enough; all else happens under the lock of the partition.
/// </summary>
internal sealed class LeasedCounter
{
    private readonly CounterSite _site;
    private readonly TokenHand _hand;
    private RemainingView? _view;
    private Queue<TokenWaiter>? _waiters;
    private Lease? _withoutGrant;
    private OutageShare _outage;
    private long _deniedUntil = long.MinValue;
    private long _siteRemaining;
    private long _answeredAt;
    private int _activeEdges;
    private bool _wantsMore;
    private object? _seenIn;

    public LeasedCounter(CounterPartition partition, CounterSite site, CounterId id, CounterDefinition definition)
    {
        (Partition, _site, Id) = (partition, site, id);
        Definition = definition;
        Window = site.Clock.Ticks(definition.PeriodMilliseconds);
        _hand = new(this, site.Clock, site.Clock.Ticks(site.Options.Horizon));
    }

    /// <summary>Where it belongs.</summary>
    public CounterPartition Partition { get; }

    /// <summary>Its name.</summary>
    public CounterId Id { get; }

    /// <summary>What it allows.</summary>
    public CounterDefinition Definition { get; private set; }

    /// <summary>The length of the window, in ticks.</summary>
    public long Window { get; private set; }

    /// <summary>What this edge spent of it within the window.</summary>
    public SpendHistory History => _hand.History;

    /// <summary>Stands for a grant where an outage lets requests pass.</summary>
    public LimitGrant WithoutGrant => Grant(_withoutGrant ??= new(this, -1, new(Id, 0, 0), 0, 0, long.MaxValue));

    /// <summary>Set while it waits to be part of a call.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Set while a call is under way that it is part of.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>It is not asked before.</summary>
    public long NotBefore { get; private set; } = long.MinValue;

    /// <summary>Set when it was removed: a request that still has it looks for its successor.</summary>
    public bool IsDropped { get; set; }

    /// <summary>True when it has to be looked after.</summary>
    public bool IsLive => _hand.Current is not null || Waiting > 0;

    /// <summary>True when there is something to ask or that has to be said.</summary>
    public bool HasBusiness => Wants || _hand.MustReport;

    /// <summary>True when there is something that a call can say by the way.</summary>
    public bool HasNews => _hand.HasNews;

    private int Waiting => _waiters?.Count ?? 0;

    private bool Wants => Waiting > 0 || (_wantsMore && _hand.Next is null);

    /// <summary>Decides without a lock, when tokens are in hand or the window is known to be spent.</summary>
    public bool TryTake(out LimitDecision decision)
    {
        var lease = _hand.Current;
        if (lease is not null && lease.TryTake(out var left))
        {
            // Only now: the process may have stood still in between.
            var now = _site.Clock.Now;
            if (now < lease.Deadline)
            {
                if (left == lease.PrefetchAt)
                {
                    Partition.Prefetch(this);
                }

                decision = Admit(lease, left, now);
                return true;
            }

            lease.Void();
        }
        else if (_hand.Next is null && Volatile.Read(ref _deniedUntil) is not long.MinValue and var until && _site.Clock.Now is var now && now < until)
        {
            decision = Deny(until, now);
            return true;
        }

        decision = default;
        return false;
    }

    /// <summary>True when this rule in this publication says nothing new.</summary>
    public bool Knows(LimitRule rule, PublicationModel publication) =>
        ReferenceEquals(Volatile.Read(ref _seenIn), publication) && Definition.Limit == rule.Calls && Definition.PeriodMilliseconds == rule.PeriodSeconds * 1000;

    /// <summary>Takes over what the newest publication says; where one publication says several things, the smallest limit.</summary>
    public void Redefine(LimitRule rule, PublicationModel publication, bool isCurrent)
    {
        PublicationId? from = rule.IsPublished ? publication.Id : null;
        if (from is { } offered && Definition.Publication is { } held)
        {
            var isNewer = offered.Lineage == held.Lineage ? offered.Number > held.Number : isCurrent;
            if (offered == held ? rule.Calls > Definition.Limit : !isNewer)
            {
                return;
            }
        }

        var changed = Definition.Limit != rule.Calls || Definition.PeriodMilliseconds != rule.PeriodSeconds * 1000;
        Definition = new() { Limit = rule.Calls, PeriodMilliseconds = rule.PeriodSeconds * 1000, Publication = from };
        Window = _site.Clock.Ticks(Definition.PeriodMilliseconds);
        Volatile.Write(ref _seenIn, publication);
        if (changed)
        {
            Volatile.Write(ref _deniedUntil, long.MinValue);
            NotBefore = long.MinValue;
            _hand.MustReport = true;
        }
    }

    /// <summary>Decides under the lock, by what is in hand and known.</summary>
    public bool TryDecide(long now, LimitOutage onOutage, out LimitDecision decision)
    {
        if (_hand.TryTake(now, out var lease, out var left))
        {
            decision = Admit(lease, left, now);
            return true;
        }

        if (now < _deniedUntil)
        {
            decision = Deny(_deniedUntil, now);
            return true;
        }

        decision = default;
        if (!_site.Contact.IsOutage(now))
        {
            return false;
        }

        decision = onOutage == LimitOutage.Closed ? Decisions.Undecided : Share(now);
        return true;
    }

    /// <summary>Adds a request that waits.</summary>
    public void Enqueue(TokenWaiter waiter) => (_waiters ??= new()).Enqueue(waiter);

    /// <summary>Asks for the next slice before this one is used up.</summary>
    public void WantMore() => _wantsMore = true;

    /// <summary>What a call to the partition says and asks.</summary>
    public LeaseRequest Ask(long now)
    {
        var want = Wants ? _hand.Want : 0;
        IsAsking = true;
        _wantsMore = false;
        var (spent, held) = _hand.Report(now);
        return new() { Counter = Id, Definition = Definition, Want = want, Waiting = Waiting, Spent = spent, Held = held };
    }

    /// <summary>The call got no answer: what it said may have been heard or not.</summary>
    public void GiveUp()
    {
        IsAsking = false;
        _hand.Doubt();
    }

    /// <summary>The partition was not ready, and has not listened.</summary>
    public void Postpone(long until)
    {
        GiveUp();
        NotBefore = until;
    }

    /// <summary>Takes the partition's answer.</summary>
    public void Answer(LeaseReply reply, long epoch, long sent, long now)
    {
        IsAsking = false;
        _hand.Reported();
        _outage.End();
        Volatile.Write(ref _siteRemaining, reply.Remaining);
        _activeEdges = Math.Max(1, reply.ActiveEdges);
        _answeredAt = now;
        if (reply.Granted > 0)
        {
            _hand.Add(new(this, epoch, new(Id, epoch, reply.Grant), reply.Granted, now, _site.Clock.Deadline(sent, reply.ValidForMilliseconds)), now);
        }

        NotBefore = now + _site.Clock.Ticks(reply.RetryAfterMilliseconds);
        Volatile.Write(ref _deniedUntil, reply is { IsSpent: true, Granted: 0 } ? NotBefore : long.MinValue);
        Serve(now);
    }

    /// <summary>Lets waiting requests go on whose question is decided by now.</summary>
    public void Serve(long now)
    {
        while (_waiters is not null && _waiters.TryPeek(out var waiter))
        {
            LimitDecision decision = default;
            if (!waiter.Task.IsCompleted && !TryDecide(now, waiter.OnOutage, out decision))
            {
                if (now < waiter.Until)
                {
                    return;
                }

                decision = Decisions.Undecided;
            }

            _waiters.Dequeue();
            _site.Leave();
            if (!waiter.TrySetResult(decision) && Decisions.LeaseOf(decision) is { } lease)
            {
                _hand.PutBack(lease, now, isOver: false);
            }
        }
    }

    /// <summary>Ends what has ended.</summary>
    public void Beat(long now)
    {
        _hand.Beat(now);
        Serve(now);
    }

    /// <summary>Others wait: keeps only what is used in a moment.</summary>
    public void Recall(long now)
    {
        _hand.Strip(now, _site.KeptAtRecall);
        NotBefore = long.MinValue;
    }

    /// <summary>Goes on under another epoch with what is in hand.</summary>
    /// <returns>What is known of it; null when that is nothing.</returns>
    public CounterMemory? Echo(long now, long epoch)
    {
        var (held, deadline) = _hand.Reissue(now, epoch);
        var spent = _hand.Describe(now);
        return held == 0 && spent.Length == 0 ? null : new()
        {
            Counter = Id,
            Definition = Definition,
            Held = held,
            HeldForMilliseconds = _site.Clock.MillisecondsAtLeast(deadline - now),
            Spent = spent,
        };
    }

    /// <summary>What is in hand is worth nothing any more.</summary>
    public void Invalidate(long now) => _hand.Invalidate(now);

    /// <summary>A token was taken and is not used.</summary>
    public void PutBack(Lease lease, long now, bool isOver)
    {
        _hand.PutBack(lease, now, isOver);
        Serve(now);
    }

    /// <summary>True when nothing is lost by forgetting it.</summary>
    public bool IsIdle(long now) =>
        !IsLive && !IsQueued && !IsAsking && !_hand.MustReport && now >= _deniedUntil && History.Total(now, Window) == 0;

    private LimitDecision Admit(Lease lease, long left, long now)
    {
        var next = _hand.Next;
        var remaining = left + (next is null || ReferenceEquals(next, lease) ? 0 : next.Tokens) + Volatile.Read(ref _siteRemaining);
        return Decisions.Admit(Grant(lease), _activeEdges > 1 ? (_view ??= new()).Of(remaining, now, Window) : remaining);
    }

    private LimitGrant Grant(Lease lease) => _site.Options.Stamp ? new AdmissionStamp(lease, _site.Clock.Time.GetUtcNow()) : lease;

    private LimitDecision Deny(long until, long now) => Decisions.Deny(_site.Clock.MillisecondsAtLeast(until - now));

    private LimitDecision Share(long now) => _outage.Take(
        this, _site.Clock, now, _activeEdges == 0 ? null : (_siteRemaining, _answeredAt), _activeEdges > 0 ? _activeEdges : _site.Contact.ActiveEdges);
}
