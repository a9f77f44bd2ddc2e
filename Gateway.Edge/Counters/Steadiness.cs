using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// Since when this process has not stood still. One that did lets requests pass, when it goes on, whose tokens were seen to be gone before: nothing is said of
/// the age of those. Under the lock of the partition.
/// </summary>
/// <param name="slack">How long a request takes at most from its token to its word when nothing stands still.</param>
internal struct Steadiness(long slack)
{
    private long _lookedAt = long.MinValue / 2;
    private long _since;

    /// <summary>Looks are made at each beat.</summary>
    public void Look(long now)
    {
        _since = now - _lookedAt > slack ? now : _since;
        _lookedAt = now;
    }

    /// <summary>How old the last spends are, as partitions are told it.</summary>
    public readonly SpendMemory[] Ages(SpendHistory history, CounterClock clock, long now, long count) => history.Newest(clock, now, count, slack, now - _since);
}
