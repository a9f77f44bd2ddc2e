using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>The counters of this edge that one partition of the site holds, as requests use them. One lock guards all of it.</summary>
internal sealed class CounterPartition : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CounterSite _site;
    private readonly CounterClock _clock;
    private readonly CounterSet _counters;

    public CounterPartition(int number, CounterSite site)
    {
        (_site, _clock) = (site, site.Clock);
        _counters = new(site);
        Exchange = new(number, site, _counters, _gate);
    }

    /// <summary>What is said to the partition, and what it says.</summary>
    public PartitionExchange Exchange { get; }

    /// <summary>The epoch that is known; 0 for none.</summary>
    public long Epoch => Exchange.Epoch;

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
    public void Dispose() => Exchange.Dispose();

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
            Exchange.Queue(counter);
        }

        Exchange.Pump();
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

            Exchange.Queue(counter);
        }

        Exchange.Pump();
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

            Exchange.Queue(counter);
        }

        Exchange.Pump();
        return waiter;
    }

    /// <summary>A request leaves its place.</summary>
    public void Leave(PlaceCounter counter, Place place)
    {
        lock (_gate)
        {
            counter.Leave(place, _clock.Now);
            Exchange.Queue(counter);
        }

        Exchange.Pump();
    }

    /// <summary>A slice is nearly used up.</summary>
    public void Prefetch(LeasedCounter counter)
    {
        lock (_gate)
        {
            counter.WantMore();
            Exchange.Queue(counter);
        }

        Exchange.Pump();
    }

    /// <summary>Tokens were taken and are not used.</summary>
    public void PutBack(EdgeGrant grant, long count, bool isOver)
    {
        lock (_gate)
        {
            grant.Counter.PutBack(grant, count, _clock.Now, isOver);
            Exchange.Queue(grant.Counter);
        }

        Exchange.Pump();
    }

    /// <summary>A request has said what it used of what was set aside for it.</summary>
    public void Settle(Reservation reservation, long used)
    {
        lock (_gate)
        {
            var counter = _counters.Kept(reservation.Counter);
            counter.Settle(reservation, used, _clock.Now);
            Exchange.Queue(counter);
        }

        Exchange.Pump();
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
                Exchange.Calls.Add(counter);
            }

            _counters.Unwatch();
        }

        Exchange.Pump();
    }

    /// <summary>Drops counters that nobody uses.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            _counters.Sweep(_clock.Now, Exchange.Calls);
        }

        Exchange.Pump();
    }
}
