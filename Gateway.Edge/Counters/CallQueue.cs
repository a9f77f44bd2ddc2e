namespace Gateway.Edge.Counters;

/// <summary>The counters of one partition that have something to ask or to say, and the one call to it that is under way. Under its lock.</summary>
internal sealed class CallQueue(CounterClock clock, CounterOptions options)
{
    private const int MostRequests = 256;
    private const int MostDelays = 5;

    private readonly List<PartitionCounter> _queue = [];
    private bool _isCalling;
    private long _sequence;
    private long _silentUntil = long.MinValue;
    private int _failures;

    /// <summary>True when nothing is under way, and nobody has anything to ask or to say.</summary>
    public bool IsDone => !_isCalling && _queue.Count == 0;

    /// <summary>Puts a counter in line, if it has business and does not stand there.</summary>
    public void Add(PartitionCounter counter)
    {
        if (!counter.IsQueued && counter.HasBusiness && !counter.IsDropped)
        {
            counter.IsQueued = true;
            _queue.Add(counter);
        }
    }

    /// <summary>Makes the next call, when none is under way and there is something to say.</summary>
    /// <param name="epoch">The epoch that is known.</param>
    /// <param name="live">Counters that may have news, which go along.</param>
    /// <param name="wait">When there is none yet: how long until there may be; else null.</param>
    public PartitionCall? TryBegin(long epoch, IReadOnlyCollection<PartitionCounter> live, out TimeSpan? wait)
    {
        wait = null;
        if (_isCalling || _queue.Count == 0)
        {
            return null;
        }

        var now = clock.Now;
        var due = Take(now, out var next);
        if (due.Count == 0)
        {
            wait = next == long.MaxValue ? null : TimeSpan.FromMilliseconds(Math.Max(1, clock.MillisecondsAtLeast(next - now)));
            return null;
        }

        due.AddRange(live.Where(counter => counter is { HasNews: true, IsQueued: false } && !due.Contains(counter)).Take(MostRequests - due.Count).ToArray());
        _isCalling = true;
        return new(++_sequence, epoch, now, [.. due], [.. due.Select(counter => counter.Ask(now))]);
    }

    /// <summary>The call was answered.</summary>
    /// <returns>True when those before were not.</returns>
    public bool Answered()
    {
        var wasAway = _failures > 0;
        (_isCalling, _failures) = (false, 0);
        return wasAway;
    }

    /// <summary>The call failed: the next one waits a little, unless that was due to a lack of time.</summary>
    /// <returns>True for the first one that did.</returns>
    public bool Failed(Exception failure)
    {
        _isCalling = false;
        if (failure is not TimeoutException)
        {
            _silentUntil = clock.Now + clock.Ticks(options.RetryDelay * Math.Min(1 << Math.Min(_failures, 10), MostDelays));
        }

        return _failures++ == 0;
    }

    // Those that may be asked about now, and when the next one may; never for long.MaxValue.
    private List<PartitionCounter> Take(long now, out long next)
    {
        var due = new List<PartitionCounter>();
        next = long.MaxValue;
        for (var i = _queue.Count - 1; i >= 0; i--)
        {
            var counter = _queue[i];
            var at = Math.Max(counter.NotBefore, _silentUntil);
            if (counter.HasBusiness && (at > now || due.Count == MostRequests))
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
