namespace Gateway.Edge.Counters;

/// <summary>
/// What an edge lets pass without any silo: of the window that was running its part of what was last known to remain, then its part of the limit
/// in any window. Under the partition's lock.
/// </summary>
internal struct OutageShare
{
    private long _began;
    private long _left;
    private long _ends;

    /// <summary>
    /// Decides on one request of a quota: of the period that was running the edge's part of what was last known to remain, then its part of each period.
    /// </summary>
    /// <param name="count">How many tokens it wants.</param>
    /// <param name="now">Now.</param>
    /// <param name="period">When the known period ends, <see cref="long.MaxValue"/> when that is not known or never; and how long each is, 0 for for ever.</param>
    /// <param name="share">This edge's part of the limit.</param>
    /// <param name="known">This edge's part of what remained as the last answer said; null when there was none.</param>
    /// <param name="left">What is left of its part after this request.</param>
    /// <param name="freeAt">When there is more of it; <see cref="long.MaxValue"/> for never.</param>
    public bool TryTakeOfPeriod(long count, long now, (long End, long Length) period, long share, long? known, out long left, out long freeAt)
    {
        if (_began == 0)
        {
            _began = now == 0 ? 1 : now;
            _ends = period.End == long.MaxValue && period.Length > 0 ? now + period.Length : period.End;
            _left = known ?? share;
        }

        if (now >= _ends && period.Length > 0)
        {
            _ends += ((now - _ends) / period.Length * period.Length) + period.Length;
            _left = share;
        }

        (left, freeAt) = (_left - count, _ends);
        _left = left >= 0 ? left : _left;
        return left >= 0;
    }

    /// <summary>A partition has answered: back to its tokens.</summary>
    public void End() => _began = 0;

    /// <summary>Decides on one request; the caller notes its tokens in the history when it passes.</summary>
    /// <param name="count">How many tokens it wants.</param>
    /// <param name="now">Now.</param>
    /// <param name="window">The length of the window.</param>
    /// <param name="share">This edge's part of the limit.</param>
    /// <param name="known">What the last answer said: this edge's part of what remained, and when it said so; null when there was none.</param>
    /// <param name="history">What this edge has spent.</param>
    /// <param name="left">What is left of its part after this request.</param>
    /// <param name="freeAt">When there is more of it.</param>
    public bool TryTake(long count, long now, long window, long share, (long Left, long At)? known, SpendHistory history, out long left, out long freeAt)
    {
        if (_began == 0)
        {
            _began = now == 0 ? 1 : now;
            _left = known is { } last && now - last.At < window ? last.Left : share - history.Total(now, window);
        }

        if (now - _began < window)
        {
            (left, freeAt) = (_left - count, _began + window);
            _left = left >= 0 ? left : _left;
        }
        else
        {
            left = share - history.Total(now, window) - count;
            freeAt = share > 0 ? history.Oldest(now) + window : now + window;
        }

        return left >= 0;
    }
}
