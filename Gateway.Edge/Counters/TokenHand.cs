using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// The tokens of one counter that this edge has in hand, and what it did with them: a lease in use and perhaps the next. Taking is free of locks; all else
/// happens under the lock of the partition.
/// </summary>
internal sealed class TokenHand(LeasedCounter counter, CounterClock clock, long horizon)
{
    private SliceSize _slice;
    private Lease? _current;
    private Lease? _next;
    private long _unreported;
    private long _doubtful;
    private long _reporting;

    /// <summary>The lease in use; null when there is none.</summary>
    public Lease? Current => Volatile.Read(ref _current);

    /// <summary>The lease that comes next; null when there is none.</summary>
    public Lease? Next => Volatile.Read(ref _next);

    /// <summary>What was spent within the window.</summary>
    public SpendHistory History { get; } = new();

    /// <summary>Tokens in hand.</summary>
    public long Held => (Current?.Tokens ?? 0) + (Next?.Tokens ?? 0);

    /// <summary>How many tokens to ask for at once.</summary>
    public long Want => _slice.Want;

    /// <summary>True when the partition has not heard of all spends.</summary>
    public bool HasNews => _unreported + _doubtful > 0;

    /// <summary>Set when the partition has to hear that less is held than it lent.</summary>
    public bool MustReport { get; set; }

    /// <summary>Takes a token; ends leases on the way that are used up or over.</summary>
    public bool TryTake(long now, out Lease lease, out long left)
    {
        while (_current is { } current)
        {
            if (now < current.Deadline && current.TryTake(out left))
            {
                lease = current;
                return true;
            }

            EndCurrent(now);
        }

        (lease, left) = (null!, 0);
        return false;
    }

    /// <summary>Takes a grant into the hand.</summary>
    public void Add(Lease lease, long now)
    {
        if (_current is null)
        {
            Volatile.Write(ref _current, lease);
            return;
        }

        if (_next is { } older)
        {
            End(older, now);
        }

        Volatile.Write(ref _next, lease);
    }

    /// <summary>Ends leases that are used up or over.</summary>
    public void Beat(long now)
    {
        Account(now);
        while (_current is { } lease && (lease.Tokens == 0 || now >= lease.Deadline))
        {
            EndCurrent(now);
        }
    }

    /// <summary>What a call says: tokens spent that no answered call has told, and those held.</summary>
    public (long Spent, long Held) Report(long now)
    {
        Beat(now);
        MustReport = false;
        _reporting += _unreported;
        _unreported = 0;
        return (_reporting + _doubtful, (_current?.Unaccounted ?? 0) + (_next?.Unaccounted ?? 0));
    }

    /// <summary>The report was heard.</summary>
    public void Reported() => _reporting = _doubtful = 0;

    /// <summary>The report may have been heard or not.</summary>
    public void Doubt()
    {
        _doubtful += _reporting;
        _reporting = 0;
        MustReport = true;
    }

    /// <summary>Keeps only what this edge uses within a time, at the pace of the lease in use.</summary>
    public void Strip(long now, long time)
    {
        Account(now);
        if (_current is { } current)
        {
            var used = current.Size - current.Unaccounted;
            Strip(current, (long)((double)used * time / Math.Max(1, now - current.Began)));
        }

        if (_next is { } next)
        {
            Strip(next, 0);
        }

        MustReport = true;
    }

    /// <summary>Goes on under another epoch with what is in hand, and with nothing else; all spends count as told.</summary>
    /// <returns>How many tokens, and when the last of them ends.</returns>
    public (long Held, long Deadline) Reissue(long now, long epoch)
    {
        Account(now);
        var current = Reissue(_current, now, epoch);
        var next = Reissue(_next, now, epoch);
        Volatile.Write(ref _current, current ?? next);
        Volatile.Write(ref _next, current is null ? null : next);
        _unreported = _doubtful = _reporting = 0;
        MustReport = false;
        return ((current?.Size ?? 0) + (next?.Size ?? 0), Math.Max(current?.Deadline ?? now, next?.Deadline ?? now));
    }

    /// <summary>What is in hand is worth nothing any more.</summary>
    public void Invalidate(long now)
    {
        foreach (var lease in (ReadOnlySpan<Lease?>)[_current, _next])
        {
            if (lease is not null)
            {
                Shut(lease, now);
            }
        }

        Volatile.Write(ref _current, null);
        Volatile.Write(ref _next, null);
        _unreported = _doubtful = _reporting = 0;
    }

    /// <summary>A token was taken and is not used. It stays spent when a partition may have been told so.</summary>
    /// <param name="lease">Where it comes from.</param>
    /// <param name="now">Now.</param>
    /// <param name="isOver">True when its time is over: then it was not spent, and is not held either.</param>
    public void PutBack(Lease lease, long now, bool isOver)
    {
        Account(now);
        if (lease.Epoch != counter.Partition.Epoch || _unreported == 0)
        {
            return;
        }

        _unreported--;
        History.Undo();
        if (!isOver && lease.TryPutBack())
        {
            lease.Unaccounted++;
        }
        else
        {
            MustReport = true;
        }
    }

    /// <summary>The spends of the window, as partitions are told them.</summary>
    public SpendMemory[] Describe(long now) => History.Describe(clock, now, counter.Window);

    private void Strip(Lease lease, long keep)
    {
        var stripped = lease.Strip(keep);
        lease.Unaccounted -= stripped;
        lease.IsStripped |= stripped > 0;
        if (stripped > lease.Size / 2)
        {
            _slice.Shrink();
        }
    }

    private void EndCurrent(long now)
    {
        End(_current!, now);
        Volatile.Write(ref _current, _next);
        Volatile.Write(ref _next, null);
    }

    private void End(Lease lease, long now)
    {
        var left = Shut(lease, now);
        if (left == 0)
        {
            if (!lease.IsStripped)
            {
                _slice.UsedUp(now - lease.Began, horizon);
            }

            return;
        }

        MustReport = true;
        if (left > lease.Size / 2)
        {
            _slice.Shrink();
        }
    }

    private Lease? Reissue(Lease? lease, long now, long epoch) =>
        lease is null || Shut(lease, now) is not (> 0 and var left) || now >= lease.Deadline ? null : lease.Continue(left, now, epoch);

    private long Shut(Lease lease, long now)
    {
        var left = lease.Close();
        Spend(lease.Unaccounted - left, now);
        lease.Unaccounted = 0;
        return left;
    }

    private void Account(long now)
    {
        foreach (var lease in (ReadOnlySpan<Lease?>)[_current, _next])
        {
            if (lease is not null)
            {
                var left = lease.Tokens;
                Spend(lease.Unaccounted - left, now);
                lease.Unaccounted = left;
            }
        }
    }

    private void Spend(long count, long now)
    {
        if (count > 0)
        {
            _unreported += count;
            History.Add(now, count, counter.Window);
        }
    }
}
