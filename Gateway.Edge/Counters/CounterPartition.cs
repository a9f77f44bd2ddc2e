using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// The counters of this edge that one partition of the site holds. One call to it is under way at a time and is about all counters that have
/// something to ask or to say. One lock guards all of it; no call is made while it is held.
/// </summary>
internal sealed class CounterPartition : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _number;
    private readonly CounterSite _site;
    private readonly CounterClock _clock;
    private readonly CounterSet _counters;
    private readonly CallQueue _queue;
    private readonly ITimer _timer;
    private TaskCompletionSource? _quit;
    private long _epoch;

    public CounterPartition(int number, CounterSite site)
    {
        (_number, _site, _clock) = (number, site, site.Clock);
        _counters = new(site);
        _queue = new(_clock, site.Options);
        _timer = _clock.Time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The epoch that is known; 0 for none.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>What its counters let pass without tokens in one window now; null when that is not bounded.</summary>
    public long? Bound
    {
        get
        {
            lock (_gate)
            {
                var bound = (long?)0;
                foreach (var counter in _counters.All)
                {
                    bound += counter.Bound;
                }

                return bound;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    /// <summary>The counter of that name; made when there is none, null when there are too many.</summary>
    public LeasedCounter? Find(CounterId id, Func<(CounterDefinition Definition, QuotaLabel? Label)> terms)
    {
        lock (_gate)
        {
            return _counters.FindOrMake(id, () =>
            {
                var (definition, label) = terms();
                return new LeasedCounter(this, _site, id, definition, label);
            });
        }
    }

    /// <summary>The counter of requests at the same time of that name; made when there is none, null when there are too many.</summary>
    public PlaceCounter? FindPlaces(CounterId id)
    {
        lock (_gate)
        {
            return _counters.FindOrMake(id, () => new PlaceCounter(this, _site, id));
        }
    }

    /// <summary>Tells a counter what the publication in force says of it.</summary>
    public void Redefine(LeasedCounter counter, LimitRule rule, Models.PublicationModel publication, bool isCurrent)
    {
        lock (_gate)
        {
            counter.Redefine(rule, publication, isCurrent);
            Queue(counter);
        }

        Pump();
    }

    /// <summary>Decides on a request for which no token is in hand.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="wish">What it wants.</param>
    /// <param name="decision">The word on it; without a meaning when it has to wait.</param>
    /// <returns>What it has to wait for; null when it need not.</returns>
    public TokenWaiter? Take(LeasedCounter counter, in TokenWish wish, out LimitDecision decision)
    {
        TokenWaiter? waiter = null;
        lock (_gate)
        {
            var now = _clock.Now;
            counter = _counters.Kept(counter);
            if (!counter.TryDecide(wish, now, out decision))
            {
                if (!_site.TryWait())
                {
                    decision = Decisions.Undecided;
                    return null;
                }

                waiter = new(wish.Until == 0 ? wish with { Until = now + _clock.Ticks(_site.Options.MaxWait) } : wish);
                counter.Enqueue(waiter);
            }

            Queue(counter);
        }

        Pump();
        return waiter;
    }

    /// <summary>Decides on a request that wants a place.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="http">The request.</param>
    /// <param name="most">How many may run at the same time.</param>
    /// <param name="decision">The word on it; without a meaning when it has to wait.</param>
    /// <returns>What it has to wait for; null when it need not.</returns>
    public PlaceWaiter? Enter(PlaceCounter counter, HttpContext http, int most, out PlaceDecision decision)
    {
        PlaceWaiter? waiter = null;
        lock (_gate)
        {
            var now = _clock.Now;
            counter = _counters.Kept(counter);
            if (!counter.TryDecide(http, most, now, out decision) && _site.TryWait())
            {
                waiter = new(http, most, now + _clock.Ticks(_site.Options.MaxWait));
                counter.Enqueue(waiter);
            }

            Queue(counter);
        }

        Pump();
        return waiter;
    }

    /// <summary>A request leaves its place.</summary>
    public void Leave(PlaceCounter counter, Place place)
    {
        lock (_gate)
        {
            counter.Leave(place, _clock.Now);
            Queue(counter);
        }

        Pump();
    }

    /// <summary>A slice is nearly used up.</summary>
    public void Prefetch(LeasedCounter counter)
    {
        lock (_gate)
        {
            counter.WantMore();
            Queue(counter);
        }

        Pump();
    }

    /// <summary>Tokens were taken and are not used.</summary>
    public void PutBack(EdgeGrant grant, long count, bool isOver)
    {
        lock (_gate)
        {
            grant.Counter.PutBack(grant, count, _clock.Now, isOver);
            Queue(grant.Counter);
        }

        Pump();
    }

    /// <summary>A request has said what it used of what was set aside for it.</summary>
    public void Settle(Reservation reservation, long used)
    {
        lock (_gate)
        {
            var counter = _counters.Kept(reservation.Counter);
            counter.Settle(reservation, used, _clock.Now);
            Queue(counter);
        }

        Pump();
    }

    /// <summary>Other edges wait for tokens of these counters.</summary>
    public void Recall(long epoch, CounterId[] counters)
    {
        lock (_gate)
        {
            _site.Contact.Answered();
            if (epoch != _epoch)
            {
                return;
            }

            var now = _clock.Now;
            foreach (var id in counters)
            {
                if (_counters.Find(id) is { } counter)
                {
                    counter.Recall(now);
                    Queue(counter);
                }
            }
        }

        Pump();
    }

    /// <summary>Tells a partition that knows nothing of this edge what there is, and goes on under its epoch.</summary>
    public CounterMemory[] Echo(long epoch)
    {
        lock (_gate)
        {
            _site.Contact.Answered();
            if (epoch < _epoch)
            {
                return [];
            }

            var now = _clock.Now;
            var memories = _counters.All.Select(counter => counter.Echo(now, epoch)).OfType<CounterMemory>().ToArray();
            Volatile.Write(ref _epoch, epoch);
            return memories;
        }
    }

    /// <summary>Looks after leases and waiting requests.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            if (_counters.Live.Count == 0)
            {
                return;
            }

            var now = _clock.Now;
            foreach (var counter in _counters.Live)
            {
                counter.Beat(now);
                _queue.Add(counter);
            }

            _counters.Unwatch();
        }

        Pump();
    }

    /// <summary>Drops counters that nobody uses.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            _counters.Sweep(_clock.Now, _queue);
        }

        Pump();
    }

    /// <summary>The edge ends as planned: gives back what all counters have in hand. Done when the partition has heard of it.</summary>
    public Task QuitAsync()
    {
        Task quit;
        lock (_gate)
        {
            quit = (_quit ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var now = _clock.Now;
            foreach (var counter in _counters.All.Where(counter => counter.IsLive || counter.HasNews))
            {
                counter.Quit(now);
                Queue(counter);
            }
        }

        Pump();
        return quit;
    }

    private void Queue(PartitionCounter counter)
    {
        _counters.Watch(counter);
        _queue.Add(counter);
    }

    private void Pump()
    {
        PartitionCall? call;
        lock (_gate)
        {
            call = _queue.TryBegin(_epoch, _counters.Live, out var wait);
            if (wait is { } time)
            {
                _timer.Change(time, Timeout.InfiniteTimeSpan);
            }

            if (_quit is not null && _queue.IsDone)
            {
                _quit.TrySetResult();
            }
        }

        if (call is not null)
        {
            _ = SendAsync(call);
        }
    }

    private async Task SendAsync(PartitionCall call)
    {
        _site.Contact.Asked(call.Sent);
        try
        {
            var asking = _site.AcquireAsync(_number, call.Sequence, call.Epoch, call.Requests);
            var answer = await asking.WaitAsync(_site.Options.AnswerPatience, _clock.Time);
            LimitTelemetry.CountCall(isAnswered: true);
            Take(call, answer);
        }
        catch (Exception failure)
        {
            LimitTelemetry.CountCall(isAnswered: false);
            GiveUp(call, failure);
        }

        Pump();
    }

    private void Take(PartitionCall call, LeaseAnswer answer)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            if (_queue.Answered())
            {
                _site.NoteBack();
            }

            _site.Contact.Answered();
            var isReady = answer.Replies.Length == call.Counters.Length && answer.Epoch >= _epoch;
            if (isReady && answer.Epoch != call.Epoch)
            {
                Adopt(answer.Epoch, now);
            }

            for (var i = 0; i < call.Counters.Length; i++)
            {
                var counter = call.Counters[i];
                if (isReady)
                {
                    counter.Answer(call.Requests[i], answer.Replies[i], answer.Epoch, call.Sent, now);
                    _site.Contact.Shared(answer.Replies[i].ActiveEdges);
                }
                else
                {
                    counter.Postpone(now + _clock.Ticks(Math.Max(1, answer.RetryAfterMilliseconds)));
                }

                Queue(counter);
            }
        }
    }

    /// <summary>The partition has answered without knowing what this edge holds: that is worth nothing any more.</summary>
    private void Adopt(long epoch, long now)
    {
        Volatile.Write(ref _epoch, epoch);
        foreach (var counter in _counters.All)
        {
            counter.Invalidate(now);
        }
    }

    private void GiveUp(PartitionCall call, Exception failure)
    {
        lock (_gate)
        {
            if (_queue.Failed(failure))
            {
                _site.NoteAway(_number, failure);
            }

            foreach (var counter in call.Counters)
            {
                counter.GiveUp(call.Sequence);
                Queue(counter);
            }
        }
    }
}
