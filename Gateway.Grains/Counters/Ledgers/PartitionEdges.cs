using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>Which edges are in step with a partition under its epoch, and of which it knows nothing although it should.</summary>
internal sealed class PartitionEdges(long epoch)
{
    private const int IdleAfter = 600_000;

    private readonly Dictionary<Guid, KnownEdge> _known = [];
    private readonly Dictionary<Guid, long> _absent = [];
    private readonly HashSet<Guid> _unsure = [];

    /// <summary>What the counters have to know of them.</summary>
    public EdgeCensus Census { get; } = new();

    /// <summary>True when the edge is in step.</summary>
    public bool Knows(Guid edge) => _known.ContainsKey(edge);

    /// <summary>True for an edge of which nothing was heard, where that matters.</summary>
    public bool IsMissed(Guid edge) => Census.IsAsked && _absent.ContainsKey(edge) && (!_known.TryGetValue(edge, out var known) || known.IsSilent);

    /// <summary>An edge calls.</summary>
    /// <returns>False when it has to tell first what it holds.</returns>
    public bool Hear(long now, LeaseCall call)
    {
        if (Standing(now, call) is not { } known)
        {
            return false;
        }

        (known.SeenAt, known.IsSilent) = (now, false);

        // An edge that was missed is here: by then all its shares are told, or given up.
        var by = now + LeaseTerms.MissedAfter;
        if (_absent.TryGetValue(call.Edge, out var until) && by < until)
        {
            _absent[call.Edge] = by;
        }

        return true;
    }

    /// <summary>An edge says what it holds.</summary>
    /// <returns>False when it has called already: then the echo does not know what was lent since.</returns>
    public bool Learn(long now, Guid edge)
    {
        if (_known.TryGetValue(edge, out var known) && !known.IsSilent)
        {
            return false;
        }

        _known[edge] = new KnownEdge { SeenAt = now };
        _absent.Remove(edge);
        Census.Absent = _absent.Count;
        if (_unsure.Remove(edge) && _unsure.Count == 0)
        {
            Census.UnsureUntil = long.MinValue;
        }

        return true;
    }

    /// <inheritdoc cref="CounterPartition.Miss" />
    public void Miss(long now, Guid edge, bool isRecent)
    {
        if (Knows(edge))
        {
            return;
        }

        _absent[edge] = now + LeaseTerms.EscrowLasts;
        Census.Absent = _absent.Count;
        if (isRecent && _unsure.Add(edge))
        {
            Census.UnsureUntil = now + SlowClock.More(PlaceLedger.Life);
        }
    }

    /// <summary>An edge starts afresh.</summary>
    public void Admit(long now, Guid edge) => _known.TryAdd(edge, new KnownEdge { SeenAt = now, IsAdmitted = true, IsSilent = true });

    /// <summary>Drops edges long silent.</summary>
    public void Sweep(long now)
    {
        foreach (var (edge, known) in _known)
        {
            if (now - known.SeenAt >= IdleAfter)
            {
                _known.Remove(edge);
            }
        }

        foreach (var (edge, until) in _absent)
        {
            if (now >= until)
            {
                _absent.Remove(edge);
            }
        }

        Census.Absent = _absent.Count;
    }

    /// <summary>What another holder needs of them.</summary>
    public PartitionMemory Write(long now) => new()
    {
        Epoch = epoch,
        Grant = 0,
        Counters = [],
        Edges = [.. _known.Where(edge => !edge.Value.IsAdmitted).Select(edge => edge.Key)],
        Admitted = [.. _known.Where(edge => edge.Value.IsAdmitted).Select(edge => edge.Key)],
        Absent = [.. _absent.Keys],
        UnsureFor = Census.UnsureUntil > now ? Census.UnsureUntil - now : 0,
    };

    /// <summary>Goes on from what another holder had written.</summary>
    public void Restore(PartitionMemory memory, long now)
    {
        foreach (var edge in memory.Edges)
        {
            _known[edge] = new KnownEdge { SeenAt = now, Unheard = 0 };
        }

        // Whatever is on its way to an edge was lent at a call whose number was handed over with it.
        foreach (var share in memory.Counters.SelectMany(counter => counter.Shares))
        {
            if (_known.TryGetValue(share.Edge, out var known) && known.Unheard < share.Sequence)
            {
                known.Unheard = share.Sequence;
            }
        }

        foreach (var edge in memory.Admitted)
        {
            Admit(now, edge);
        }

        foreach (var edge in memory.Absent)
        {
            _absent[edge] = now + LeaseTerms.EscrowLasts;
        }

        (Census.Absent, Census.UnsureUntil) = (_absent.Count, now + memory.UnsureFor);
    }

    private KnownEdge? Standing(long now, LeaseCall call)
    {
        var known = _known.GetValueOrDefault(call.Edge);
        if (call.Epoch == epoch)
        {
            if (known is not null)
            {
                (known.IsAdmitted, known.Unheard) = (false, null);
            }

            return known;
        }

        if (call.Epoch == 0 && known is null)
        {
            // A life that knows nothing of this partition.
            return _known[call.Edge] = new KnownEdge { SeenAt = now, Unheard = call.Sequence };
        }

        if (call.Epoch != 0 && known?.Unheard < call.Sequence)
        {
            // It waits for nothing that it was answered here, and another holder has answered it since: it is asked as if it were not known.
            _known.Remove(call.Edge);
            return null;
        }

        return call.Epoch == 0 || known is { IsAdmitted: true } ? known : null;
    }

    private sealed class KnownEdge
    {
        public long SeenAt { get; set; }

        public bool IsAdmitted { get; set; }

        /// <summary>
        /// The number of a call that it was answered here or by a holder before, while no call has shown that it has heard of this epoch; else null. An edge never goes
        /// back to a smaller epoch, so a later call under another one shows that it has not. A call before it is only late: what the edge was lent since may be on its way.
        /// </summary>
        public long? Unheard { get; set; }

        /// <summary>True when it was admitted, and has not called since.</summary>
        public bool IsSilent { get; set; }
    }
}
