using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// What an edge lets pass without any silo: of the window that was running its part of what was last known to remain, then its part of the limit
/// in any window. Under the partition's lock.
/// </summary>
internal struct OutageShare
{
    private long _began;
    private long _left;

    /// <summary>A partition has answered: back to its tokens.</summary>
    public void End() => _began = 0;

    /// <summary>Decides on one request, and counts it when it passes.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="now">Now.</param>
    /// <param name="known">What the last answer said: what remained, and when it said so; null when there was none.</param>
    /// <param name="edges">How many edges share the counter, as far as is known; 0 when nothing is.</param>
    public LimitDecision Take(LeasedCounter counter, CounterClock clock, long now, (long Remaining, long At)? known, int edges)
    {
        if (edges == 0)
        {
            return Decisions.Undecided;
        }

        var window = counter.Window;
        var share = counter.Definition.Limit / edges;
        if (_began == 0)
        {
            _began = now == 0 ? 1 : now;
            _left = known is { } last && now - last.At < window ? last.Remaining / edges : share - counter.History.Total(now, window);
        }

        long freeAt;
        if (now - _began < window)
        {
            freeAt = _began + window;
            if (_left <= 0)
            {
                return Decisions.Deny(clock.MillisecondsAtLeast(freeAt - now));
            }

            _left--;
        }
        else if (counter.History.Total(now, window) >= share)
        {
            freeAt = share > 0 ? counter.History.Oldest(now) + window : now + window;
            return Decisions.Deny(clock.MillisecondsAtLeast(freeAt - now));
        }

        counter.History.Add(now, 1, window);
        return Decisions.Admit(counter.WithoutGrant, now - _began < window ? _left : share - counter.History.Total(now, window));
    }
}
