namespace Gateway.Edge.Counters;

/// <summary>
/// What was used of a counter beyond what was granted. The sum is told, not the news: a call that comes twice is charged once. Of a rate limit the sum
/// begins anew once it was heard, since its partition forgets it after a window.
/// </summary>
internal struct Debt
{
    private long _told;
    private long _heard;
    private long _settling;

    /// <summary>All of it.</summary>
    public long Total { get; private set; }

    /// <summary>True when there is something that no call has told.</summary>
    public readonly bool IsNews => Total > _told;

    /// <summary>More was used.</summary>
    public void Add(long count) => Total += count;

    /// <summary>Some was not used after all; too late for what was told.</summary>
    public void Undo(long count) => Total = Math.Max(_told, Total - count);

    /// <summary>What a call says.</summary>
    /// <param name="beginsAnew">True when what was heard need not be said for ever.</param>
    public long Tell(bool beginsAnew)
    {
        _settling = beginsAnew && Total == _heard ? _heard : 0;
        _told = Total;
        return Total - _settling;
    }

    /// <summary>The call was heard.</summary>
    public void Heard()
    {
        Total -= _settling;
        _told -= _settling;
        _heard = _told;
        _settling = 0;
    }

    /// <summary>The partition has learned of it in another way.</summary>
    public void Clear() => Total = _told = _heard = _settling = 0;
}
