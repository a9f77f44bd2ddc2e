namespace Gateway.Grains.Counters.Ledgers;

/// <summary>What one life of one edge has of one quota: tokens lent and not accounted for.</summary>
internal sealed class QuotaShare(Guid edge)
{
    // An edge that was asked for its tokens and says nothing for so long is not waited for.
    private const int SilentAfter = 1000;

    private long _awaited;
    private long _recalledAt = long.MaxValue;

    /// <summary>The life of the edge.</summary>
    public Guid Edge { get; } = edge;

    /// <summary>The last call that counted.</summary>
    public long Sequence { get; set; }

    /// <summary>When it last asked for tokens.</summary>
    public long AskedAt { get; set; } = long.MinValue / 2;

    /// <summary>When it was heard last.</summary>
    public long HeardAt { get; set; } = long.MinValue / 2;

    /// <summary>All that it used beyond what was granted, as it said last.</summary>
    public long Owed { get; set; }

    /// <summary>What its last call was granted: it may not have heard of that.</summary>
    public long Granted { get; private set; }

    /// <summary>Tokens lent and not accounted for.</summary>
    public long Lent { get; private set; }

    /// <summary>When the last of them cannot be spent any more.</summary>
    public long Expiry { get; private set; } = long.MinValue / 2;

    /// <summary>Tokens that it may still spend.</summary>
    public long HeldAt(long now) => now < Expiry ? Lent : 0;

    /// <summary>Tokens that it may give back: not those that requests were waiting for when they were lent, nor those of an edge that does not answer.</summary>
    public long IdleAt(long now) => IsSilent(now) ? 0 : Math.Max(0, HeldAt(now) - _awaited);

    /// <summary>True when it was asked for its tokens, and has not answered for long.</summary>
    public bool IsSilent(long now) => _recalledAt != long.MaxValue && now - _recalledAt >= SilentAfter;

    /// <summary>Lends tokens for which some requests wait.</summary>
    public void Lend(long count, long expiry, long waiting)
    {
        Lent += count;
        Expiry = Math.Max(Expiry, expiry);
        (_awaited, Granted) = (Math.Min(count, waiting), count);
    }

    /// <summary>It is asked for its tokens.</summary>
    public void Recall(long now) => _recalledAt = Math.Min(_recalledAt, now);

    /// <summary>The answer to the last call has not come to the edge: what it was granted is neither held nor spent.</summary>
    /// <returns>How many tokens that gives back.</returns>
    public long Lose()
    {
        var lost = Math.Min(Granted, Lent);
        (Lent, Granted) = (Lent - lost, 0);
        return lost;
    }

    /// <summary>Takes a report. Nobody is believed beyond what was lent: held tokens first, then spends.</summary>
    /// <returns>How many tokens it has given back.</returns>
    public long Report(long spent, long held, out bool isCut)
    {
        var believedHeld = Math.Clamp(held, 0, Lent);
        var believedSpent = Math.Clamp(spent, 0, Lent - believedHeld);
        var returned = Lent - believedHeld - believedSpent;
        Lent = believedHeld;
        (_awaited, Granted) = (0, 0);
        _recalledAt = long.MaxValue;
        isCut = believedHeld != held;
        return returned;
    }

    /// <summary>What was lent and cannot be spent any more belongs to a period that is over.</summary>
    /// <returns>What can still be spent.</returns>
    public long Carry(long now)
    {
        Lent = HeldAt(now);
        return Lent;
    }

    /// <summary>Replaces all that is known of it.</summary>
    public void Replace(long lent, long expiry, long granted = 0) => (Lent, Expiry, _awaited, Granted) = (lent, expiry, 0, granted);
}
