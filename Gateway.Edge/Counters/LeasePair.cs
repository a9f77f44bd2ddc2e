namespace Gateway.Edge.Counters;

/// <summary>The lease in use and the one that comes next, which is there only beside one in use. Read without a lock, changed under that of the partition.</summary>
internal struct LeasePair
{
    private Lease? _current;
    private Lease? _next;

    /// <summary>The lease in use; null when there is none.</summary>
    public readonly Lease? Current => Volatile.Read(in _current);

    /// <summary>The lease that comes next; null when there is none.</summary>
    public readonly Lease? Next => Volatile.Read(in _next);

    /// <summary>Tokens that were there when both were looked at last.</summary>
    public readonly long Unaccounted => (_current?.Unaccounted ?? 0) + (_next?.Unaccounted ?? 0);

    /// <summary>What both have in hand now.</summary>
    public void Hold(Lease? current, Lease? next)
    {
        Volatile.Write(ref _current, current ?? next);
        Volatile.Write(ref _next, current is null ? null : next);
    }

    /// <summary>Takes one more: as the one in use where there is none, else as the next.</summary>
    public void Add(Lease lease)
    {
        if (_current is null)
        {
            Volatile.Write(ref _current, lease);
        }
        else
        {
            Volatile.Write(ref _next, lease);
        }
    }

    /// <summary>Takes as many of some tokens as there are.</summary>
    /// <returns>How many.</returns>
    public readonly long TakeUpTo(long count, long now)
    {
        var taken = _current is { } current && !current.IsOver(now) ? current.TakeUpTo(count) : 0;
        return taken + (taken < count && _next is { } next && !next.IsOver(now) ? next.TakeUpTo(count - taken) : 0);
    }

    /// <summary>Puts tokens back where the lease of their grant is still in hand.</summary>
    public readonly bool TryPutBack(GrantName grant, long count) => TryPutBack(_current, grant, count) || TryPutBack(_next, grant, count);

    private static bool TryPutBack(Lease? lease, GrantName grant, long count)
    {
        if (lease?.Grant != grant || !lease.TryPutBack(count))
        {
            return false;
        }

        lease.Unaccounted += count;
        return true;
    }
}
