using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>The counters of one partition on this edge. Under its lock.</summary>
internal sealed class CounterSet(CounterSite site)
{
    private readonly Dictionary<CounterId, PartitionCounter> _all = [];
    private readonly HashSet<PartitionCounter> _live = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<PartitionCounter> All => _all.Values;

    /// <summary>Those that have to be looked after.</summary>
    public IReadOnlyCollection<PartitionCounter> Live => _live;

    /// <summary>The counter of that name; null when it is not kept.</summary>
    public PartitionCounter? Find(CounterId id) => _all.GetValueOrDefault(id);

    /// <summary>The counter of that name; made when there is none, null when there are too many.</summary>
    public T? FindOrMake<T>(CounterId id, Func<T> make) where T : PartitionCounter
    {
        if (!_all.TryGetValue(id, out var counter) && site.TryAddCounter())
        {
            _all.Add(id, counter = make());
        }

        return (T?)counter;
    }

    /// <summary>The counter, or its successor: it may have been dropped between the look-up and the lock.</summary>
    public T Kept<T>(T counter) where T : PartitionCounter
    {
        if (!counter.IsDropped)
        {
            return counter;
        }

        if (_all.TryGetValue(counter.Id, out var successor))
        {
            return (T)successor;
        }

        counter.IsDropped = false;
        _all.Add(counter.Id, counter);
        site.KeepCounter();
        return counter;
    }

    /// <summary>Looks after it from now on, if it has to be.</summary>
    public void Watch(PartitionCounter counter)
    {
        if (counter.IsLive)
        {
            _live.Add(counter);
        }
    }

    /// <summary>Looks no more after those that need it no more.</summary>
    public void Unwatch() => _live.RemoveWhere(counter => !counter.IsLive);

    /// <summary>Drops those that nobody uses; what they have to say before is put in line.</summary>
    public void Sweep(long now, CallQueue queue)
    {
        foreach (var (id, counter) in _all)
        {
            counter.Tidy();
            if (counter.IsIdle(now))
            {
                counter.IsDropped = true;
                _all.Remove(id);
                _live.Remove(counter);
                site.RemoveCounter();
            }
            else
            {
                queue.Add(counter);
            }
        }
    }
}
