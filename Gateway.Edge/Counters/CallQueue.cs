namespace Gateway.Edge.Counters;

/// <summary>The counters of one partition that have something to ask or to say. Under its lock.</summary>
internal sealed class CallQueue
{
    private readonly List<PartitionCounter> _queue = [];

    /// <summary>True when nobody waits for a call.</summary>
    public bool IsEmpty => _queue.Count == 0;

    /// <summary>Puts a counter in line, if it has business and does not stand there.</summary>
    public void Add(PartitionCounter counter)
    {
        if (!counter.IsQueued && counter.HasBusiness && !counter.IsDropped)
        {
            counter.IsQueued = true;
            _queue.Add(counter);
        }
    }

    /// <summary>Takes those out that may be asked about now.</summary>
    /// <param name="now">Now.</param>
    /// <param name="silentUntil">None is asked about before.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="next">When the next one may; <see cref="long.MaxValue"/> for never.</param>
    public List<PartitionCounter> Take(long now, long silentUntil, int most, out long next)
    {
        var due = new List<PartitionCounter>();
        next = long.MaxValue;
        for (var i = _queue.Count - 1; i >= 0; i--)
        {
            var counter = _queue[i];
            var at = Math.Max(counter.NotBefore, silentUntil);
            if (counter.HasBusiness && (at > now || due.Count == most))
            {
                next = Math.Min(next, at);
                continue;
            }

            counter.IsQueued = false;
            _queue.RemoveAt(i);
            if (counter.HasBusiness)
            {
                due.Add(counter);
            }
        }

        return due;
    }
}
