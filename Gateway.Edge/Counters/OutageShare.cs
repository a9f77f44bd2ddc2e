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
