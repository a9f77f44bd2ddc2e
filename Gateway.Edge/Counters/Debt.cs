namespace Gateway.Edge.Counters;

/// <summary>What was used of a counter beyond what was granted. The sum is told, not the news: a call that comes twice is charged once.</summary>
internal struct Debt
{
    private long _told;

    /// <summary>All of it.</summary>
    public long Total { get; private set; }

    /// <summary>True when there is something that no call has told.</summary>
    public readonly bool IsNews => Total > _told;

    /// <summary>More was used.</summary>
    public void Add(long count) => Total += count;

    /// <summary>Some was not used after all; too late for what was told.</summary>
    public void Undo(long count) => Total = Math.Max(_told, Total - count);

    /// <summary>What a call says.</summary>
    public long Tell() => _told = Total;

    /// <summary>The partition has learned of it in another way.</summary>
    public void Clear() => Total = _told = 0;
}
