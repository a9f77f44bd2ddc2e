using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// The places of one limit of requests at the same time that this edge holds, in use or not. They are the edge's while each call renews them: when their time is
/// over, the requests that have them are aborted before the partition gives them to others. Under the lock of the partition.
/// </summary>
internal sealed class PlaceCounter(CounterPartition partition, CounterSite site, CounterId id) : PartitionCounter(partition, id)
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan GiveBackAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Requests are aborted so long before their places end.</summary>
    private static readonly TimeSpan EndsBefore = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<Place> _used = [];
    private readonly Queue<PlaceWaiter> _line = new();
    private readonly CounterClock _clock = site.Clock;
    private CounterDefinition _definition = new() { Limit = 1, PeriodMilliseconds = 0, IsConcurrency = true };
    private long _held;
    private long _endsAt = long.MinValue;
    private long _saidAt;
    private long _idleSince;
    private long _deniedUntil = long.MinValue;
    private long _lostSince;
    private bool _mustReport;

    /// <inheritdoc />
    public override bool IsLive => _held > 0 || _line.Count > 0;

    /// <inheritdoc />
    public override bool HasBusiness => _mustReport || _line.Count > 0;

    /// <summary>Decides on a request, by what is held and known.</summary>
    /// <returns>False when it has to wait for the partition.</returns>
    public bool TryDecide(HttpContext http, int most, long now, out PlaceDecision decision)
    {
        End(now);
        decision = default;
        if (_used.Count >= most || (_used.Count >= _held && now < _deniedUntil))
        {
            decision = new(LimitVerdict.Exceeded, null);
            return true;
        }

        if (_used.Count < _held)
        {
            var place = new Place(this, http);
            _used.Add(place);
            decision = new(LimitVerdict.Admitted, place);
            return true;
        }

        decision = new(LimitVerdict.Undecided, null);
        return site.Contact.IsOutage(now);
    }

    /// <summary>Adds a request that waits.</summary>
    public void Enqueue(PlaceWaiter waiter)
    {
        _line.Enqueue(waiter);
        _definition = _definition.Limit == waiter.Most ? _definition : _definition with { Limit = waiter.Most };
    }

    /// <summary>A request is through.</summary>
    public void Leave(Place place, long now)
    {
        if (_used.Remove(place))
        {
            _idleSince = now;
            Serve(now);
        }
    }

    /// <inheritdoc />
    public override LeaseRequest Ask(long now)
    {
        End(now);
        IsAsking = true;
        _mustReport = false;
        _saidAt = now;
        return new() { Counter = Id, Definition = _definition, Want = _line.Count, Waiting = _line.Count, Held = _held, LostSince = _lostSince };
    }

    /// <inheritdoc />
    public override void GiveUp(long sequence)
    {
        _lostSince = _lostSince == 0 ? sequence : _lostSince;
        (IsAsking, _mustReport) = (false, true);
    }

    /// <inheritdoc />
    public override void Postpone(long until) => (IsAsking, _mustReport, NotBefore) = (false, true, until);

    /// <inheritdoc />
    public override void Answer(LeaseRequest request, LeaseReply reply, long epoch, long sent, long now)
    {
        // Before what was granted is counted: what was held until now may have ended.
        End(now);
        IsAsking = false;
        _lostSince = 0;
        _held += reply.Granted;
        _idleSince = now;
        _endsAt = _held > 0 && reply.ValidForMilliseconds > 0 ? _clock.Deadline(sent, reply.ValidForMilliseconds) - _clock.Ticks(EndsBefore) : _endsAt;
        NotBefore = now + _clock.Ticks(reply.RetryAfterMilliseconds);
        _deniedUntil = reply is { IsSpent: true, Granted: 0 } ? NotBefore : long.MinValue;
        Serve(now);
    }

    /// <inheritdoc />
    public override void Beat(long now)
    {
        End(now);
        Serve(now);
        if (_held > _used.Count && _line.Count == 0 && now - _idleSince >= _clock.Ticks(GiveBackAfter))
        {
            GiveBack();
        }

        _mustReport |= _held > 0 && now - _saidAt >= _clock.Ticks(RenewAfter);
    }

    /// <inheritdoc />
    public override void Recall(long now)
    {
        if (_held > _used.Count)
        {
            GiveBack();
        }

        (NotBefore, _deniedUntil) = (long.MinValue, long.MinValue);
    }

    /// <inheritdoc />
    public override void Quit(long now) => Recall(now);

    /// <inheritdoc />
    public override CounterMemory? Echo(long now, long epoch)
    {
        End(now);
        return _held == 0 ? null : new()
        {
            Counter = Id,
            Definition = _definition,
            Held = _held,
            HeldForMilliseconds = _clock.MillisecondsAtLeast(_endsAt + _clock.Ticks(EndsBefore) - now),
        };
    }

    /// <inheritdoc />
    public override void Invalidate(long now) => Lose();

    /// <inheritdoc />
    public override bool IsIdle(long now) => !IsLive && !IsQueued && !IsAsking && !_mustReport;

    private void Serve(long now)
    {
        while (_line.TryPeek(out var waiter))
        {
            PlaceDecision decision = default;
            if (!waiter.Task.IsCompleted && !TryDecide(waiter.Http, waiter.Most, now, out decision) && now < waiter.Until)
            {
                return;
            }

            _line.Dequeue();
            site.Leave();
            if (!waiter.TrySetResult(decision) && decision.Place is Place place)
            {
                _used.Remove(place);
            }
        }
    }

    private void GiveBack() => (_held, _mustReport) = (_used.Count, true);

    private void End(long now)
    {
        if (_held > 0 && now >= _endsAt)
        {
            Lose();
            _mustReport = true;
        }
    }

    private void Lose()
    {
        foreach (var place in _used)
        {
            place.Lose();
        }

        _used.Clear();
        _held = 0;
    }
}
