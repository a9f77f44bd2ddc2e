using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// This edge's share of one counter for times without silos. It is used only when the counter's partition has not answered for so long that it leaves the
/// edge its share, and nothing that was lent before counts any more. Under the lock of the partition.
/// </summary>
internal sealed class EscrowShare(CounterClock clock)
{
    // Clocks of edges run at different paces.
    private const double Pace = 1.02;

    /// <summary>An edge that asked for no tokens for so long needs no share.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(6);

    /// <summary>A request passes within this time from its decision, or not at all.</summary>
    private static readonly TimeSpan PassesWithin = TimeSpan.FromMilliseconds(100);

    private readonly long _idleAfter = clock.Ticks(IdleAfter);
    private long _tokens;
    private long _from;
    private long _until;
    private long _askedAt = long.MinValue / 2;
    private long _used;
    private long _usedUntil = long.MinValue;
    private bool _isGivenUp;

    /// <summary>True when there is something that the partition must hear of sooner or later.</summary>
    public bool IsHeld => _tokens > 0 || _used > 0;

    /// <summary>The share that this edge goes by, as it tells partitions.</summary>
    public long Tokens => Math.Max(_tokens, _used);

    /// <summary>Requests that it lets pass do so within this time, in ticks.</summary>
    public long Within { get; } = clock.Ticks(PassesWithin);

    /// <summary>True when it lets requests pass.</summary>
    public bool IsDue(long now) => _tokens > 0 && now >= _from && now < _until;

    /// <summary>Decides on one request; the caller notes its tokens in the history when it passes.</summary>
    /// <param name="count">How many tokens it wants.</param>
    /// <param name="now">Now, when it is due.</param>
    /// <param name="window">The length of the window.</param>
    /// <param name="history">What this edge has spent.</param>
    /// <param name="left">What is left of the share after this request.</param>
    /// <param name="freeAt">When there is more of it.</param>
    public bool TryTake(long count, long now, long window, SpendHistory history, out long left, out long freeAt)
    {
        left = _tokens - history.Total(now, window) - count;
        freeAt = history.Oldest(now) + window;
        if (left < 0)
        {
            return false;
        }

        (_used, _usedUntil) = (Math.Max(_used, _tokens), now + Within + (long)(window * Pace));
        return true;
    }

    /// <summary>What a call says of it; null for nothing.</summary>
    /// <param name="now">Now.</param>
    /// <param name="asks">True when the call asks for tokens.</param>
    public EscrowClaim? Claim(long now, bool asks)
    {
        _askedAt = asks ? now : _askedAt;
        var isWanted = !_isGivenUp && !IsIdle(now);
        return IsHeld || isWanted ? new(Tokens, isWanted, _used > 0 || IsDue(now)) : null;
    }

    /// <summary>Takes the answer of a partition.</summary>
    /// <returns>True when it must hear that this edge has understood that it has no share any more.</returns>
    public bool Hear(EscrowTerms? terms, long sent, long now)
    {
        var had = _tokens > 0;
        _tokens = _isGivenUp ? 0 : terms?.Tokens ?? 0;
        if (terms is not null)
        {
            (_from, _until) = (now + clock.Ticks(terms.FromMilliseconds), clock.Deadline(sent, terms.UntilMilliseconds));
        }

        return had && _tokens == 0;
    }

    /// <summary>It is not used from here on, whatever an answer says that is still on its way. What was used of it counts until a window has gone by.</summary>
    public void GiveUp() => (_tokens, _isGivenUp) = (0, true);

    /// <summary>Looks whether it is still needed, and was used lately.</summary>
    /// <returns>True when the partition must hear of a change.</returns>
    public bool Beat(long now)
    {
        if (_tokens > 0 && now >= _until)
        {
            _tokens = 0;
        }

        if (_used > 0 && now >= _usedUntil)
        {
            _used = 0;
            return true;
        }

        return _tokens > 0 && IsIdle(now);
    }

    private bool IsIdle(long now) => now - _askedAt >= _idleAfter;
}
