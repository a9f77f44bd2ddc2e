namespace Gateway.Edge.Counters;

/// <summary>Tokens of one counter that are set aside for requests under way, while their leases last. Under the lock of the partition.</summary>
internal sealed class ReservedTokens
{
    private readonly HashSet<Reservation> _all = [];

    /// <summary>How many tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>When the last of their leases ends; <see cref="long.MinValue"/> without any.</summary>
    public long LastDeadline => _all.Count == 0 ? long.MinValue : _all.Max(reservation => reservation.Grant.Deadline);

    /// <summary>Sets tokens aside.</summary>
    public void Add(Reservation reservation)
    {
        _all.Add(reservation);
        Tokens += reservation.Count;
    }

    /// <summary>The request is through.</summary>
    /// <returns>False when its tokens are not held any more: their lease has ended, and they count as spent.</returns>
    public bool Remove(Reservation reservation)
    {
        if (!_all.Remove(reservation))
        {
            return false;
        }

        Tokens -= reservation.Count;
        return true;
    }

    /// <summary>Drops those whose lease is over; all of them when there is no time.</summary>
    /// <returns>How many tokens: they count as spent.</returns>
    public long Expire(long? now)
    {
        var before = Tokens;
        if (_all.RemoveWhere(reservation => now is not { } at || reservation.Grant.IsOver(at)) > 0)
        {
            Tokens = _all.Sum(reservation => reservation.Count);
        }

        return before - Tokens;
    }
}
