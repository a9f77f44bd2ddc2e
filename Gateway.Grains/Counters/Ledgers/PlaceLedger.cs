using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// One limit of requests at the same time: lends places, which an edge holds for as long as it calls. Those of an edge that is not heard any more come back when
/// their time is over; by then the edge has aborted the requests that had them.
/// </summary>
internal sealed class PlaceLedger(CounterDefinition definition, EdgeCensus census) : ICounterLedger
{
    /// <summary>How long places are held without a call, in milliseconds: longer than it takes until another silo has the partition of a lost one.</summary>
    public const int Life = 15_000;

    private const int IdleAfter = 10_000;
    private const int DeniedFor = 50;
    private const int UnsureRetry = 200;

    private readonly List<PlaceShare> _shares = new(1);
    private long _recalledAt = long.MinValue / 2;
    private long _touchedAt = long.MinValue / 2;

    /// <inheritdoc />
    public CounterDefinition Definition { get; private set; } = definition;

    /// <summary>The edges that hold places.</summary>
    public IReadOnlyList<PlaceShare> Shares => _shares;

    /// <summary>Places that edges hold.</summary>
    public long Held => _shares.Sum(share => share.Held);

    /// <inheritdoc />
    public LedgerAnswer Acquire(long now, Guid edge, long sequence, LeaseRequest request, long grant)
    {
        _touchedAt = now;
        var stranded = Sweep(now);
        var share = Share(edge);
        share.HeardAt = now;
        if (sequence <= share.Sequence)
        {
            return new(Reply(share) with { RetryAfterMilliseconds = LeaseTerms.RecallTakes, ValidForMilliseconds = 0 }, [], false, stranded);
        }

        share.Sequence = sequence;
        Definition = request.Definition;
        var held = Math.Clamp(request.Held, 0, share.Held);
        var isCut = held != request.Held;
        share.Hold(held, now + Life + 1);
        var asked = Math.Max(request.Want, request.Waiting);
        if (asked <= 0)
        {
            return new(Reply(share), [], isCut, stranded);
        }

        // Who has places and did not say so may use them until they end.
        var isUnsure = now < census.UnsureUntil;
        var size = isUnsure ? 0 : Math.Clamp(Definition.Limit - Held, 0, asked);
        if (size > 0)
        {
            share.Hold(held + size, now + Life + 1);
            return new(Reply(share) with { Granted = size, Grant = grant }, [], isCut, stranded);
        }

        var reply = Reply(share);
        if (isUnsure)
        {
            return new(reply with { RetryAfterMilliseconds = UnsureRetry }, [], isCut, stranded);
        }

        var others = _shares.Where(other => other != share && other.Held > 0).Select(other => other.Edge).ToArray();
        if (others.Length > 0 && now - _recalledAt >= LeaseTerms.RecallPeriod)
        {
            _recalledAt = now;
            return new(reply with { RetryAfterMilliseconds = LeaseTerms.RecallTakes }, others, isCut, stranded);
        }

        var isReturning = others.Length > 0 && now - _recalledAt < 2 * LeaseTerms.RecallTakes;
        return new(
            reply with { IsSpent = !isReturning, RetryAfterMilliseconds = isReturning ? LeaseTerms.RecallTakes : DeniedFor }, [], isCut, stranded);
    }

    /// <inheritdoc />
    public void Learn(long now, Guid edge, CounterMemory memory)
    {
        _touchedAt = now;
        var share = Share(edge);
        share.HeardAt = now;
        share.Hold(Math.Max(0, memory.Held), now + SlowClock.More(Math.Clamp(memory.HeldForMilliseconds, 0, Life)) + 1);
    }

    /// <inheritdoc />
    public long Sweep(long now)
    {
        var stranded = 0L;
        for (var index = _shares.Count - 1; index >= 0; index--)
        {
            stranded += _shares[index].Sweep(now);
            if (_shares[index].Held == 0 && now - _shares[index].HeardAt >= IdleAfter)
            {
                _shares.RemoveAt(index);
            }
        }

        return stranded;
    }

    /// <inheritdoc />
    public bool IsIdle(long now) => _shares.Count == 0 && now - _touchedAt >= IdleAfter;

    /// <inheritdoc />
    public LedgerMemory? Write(CounterId counter, long now) => Held == 0 ? null : new LedgerMemory
    {
        Counter = counter,
        Definition = Definition,
        Shares = [.. _shares.Select(share => new ShareMemory { Edge = share.Edge, Sequence = share.Sequence, Spent = [], Leases = [share.Expiry - now, share.Held] })],
    };

    /// <summary>Goes on from what another holder had written down.</summary>
    public void Restore(LedgerMemory memory, long now)
    {
        _touchedAt = now;
        foreach (var known in memory.Shares)
        {
            var share = Share(known.Edge);
            (share.Sequence, share.HeardAt) = (known.Sequence, now);
            share.Hold(known.Leases[1], now + known.Leases[0]);
        }
    }

    private LeaseReply Reply(PlaceShare share) => new()
    {
        ValidForMilliseconds = share.Held > 0 ? Life : 0,
        Remaining = Math.Max(0, Definition.Limit - Held),
        ActiveEdges = _shares.Count,
    };

    private PlaceShare Share(Guid edge)
    {
        var share = _shares.Find(known => known.Edge == edge);
        if (share is null)
        {
            _shares.Add(share = new PlaceShare(edge));
        }

        return share;
    }
}
