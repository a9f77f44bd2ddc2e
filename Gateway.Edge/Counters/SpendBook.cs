using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>What this edge has spent of one counter, and what of it a partition has been told. Under the lock of the partition.</summary>
internal sealed class SpendBook(LeasedCounter counter)
{
    private Debt _debt;
    private long _untold;
    private long _doubtful;
    private long _telling;

    /// <summary>What was spent within the window; nothing of a quota, whose partition remembers it.</summary>
    public SpendHistory History { get; } = new();

    /// <summary>True when the partition has not heard of all.</summary>
    public bool HasNews => _untold + _doubtful > 0 || _debt.IsNews;

    /// <summary>Tokens of grants were spent.</summary>
    public void Spend(long count, long now)
    {
        if (count > 0)
        {
            _untold += count;
            Note(count, now);
        }
    }

    /// <summary>Some were not, after all.</summary>
    /// <param name="count">How many.</param>
    /// <param name="since">They were not noted before.</param>
    /// <returns>How many; fewer when a partition may have been told.</returns>
    public long Undo(long count, long since)
    {
        count = Math.Min(count, _untold);
        _untold -= count;
        Unnote(count, since);
        return count;
    }

    /// <summary>More was used than was granted, and the partition is to be told at once.</summary>
    public void Owe(long count, long now)
    {
        _debt.Add(count);
        Note(count, now);
    }

    /// <summary>Requests have passed in an outage: told with what an echo tells, of a quota as what is owed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="now">Now.</param>
    /// <param name="within">They do so within this time.</param>
    public void Pass(long count, long now, long within)
    {
        if (counter.IsQuota)
        {
            _debt.Add(count);
        }

        Note(count, now, within);
    }

    /// <summary>They have not, after all.</summary>
    /// <param name="count">How many.</param>
    /// <param name="at">When they were noted; null when that is not known.</param>
    public void UndoPass(long count, long? at)
    {
        if (counter.IsQuota)
        {
            _debt.Undo(count);
        }

        Unnote(count, at ?? long.MinValue, at ?? long.MaxValue);
    }

    /// <summary>What a call says: tokens spent that no answered call has told, and all that was used beyond grants.</summary>
    public (long Spent, long Owed) Tell()
    {
        _telling += _untold;
        _untold = 0;
        return (_telling + _doubtful, _debt.Tell(beginsAnew: !counter.IsQuota));
    }

    /// <summary>It was heard.</summary>
    public void Heard()
    {
        _telling = _doubtful = 0;
        _debt.Heard();
    }

    /// <summary>It may have been heard or not.</summary>
    public void Doubt()
    {
        _doubtful += _telling;
        _telling = 0;
    }

    /// <summary>Another epoch: all spends count as told. What was used beyond grants of a quota is in its count for ever, and goes on.</summary>
    public void Forget()
    {
        _untold = _doubtful = _telling = 0;
        if (!counter.IsQuota)
        {
            _debt.Clear();
        }
    }

    /// <summary>The spends of the window, as partitions are told them.</summary>
    public SpendMemory[] Describe(CounterClock clock, long now) => History.Describe(clock, now, counter.Window);

    private void Note(long count, long now, long within = 0)
    {
        if (!counter.IsQuota)
        {
            History.Add(now, count, counter.Window, within);
        }
    }

    private void Unnote(long count, long since, long until = long.MaxValue)
    {
        if (!counter.IsQuota)
        {
            History.Undo(count, since, until);
        }
    }
}
