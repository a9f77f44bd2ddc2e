using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// The counters of one partition under one epoch, and which edges are in step with it. Deterministic: no clock, no store, no calls; whoever holds it says
/// when it may be used.
/// </summary>
internal sealed class CounterPartition(long epoch, int maxCounters)
{
    /// <summary>The most counters in one call.</summary>
    public const int MostRequests = 1024;

    private const int NotReadyRetry = 20;
    private const int FullRetry = 1000;
    private const int MostDefinitions = 1024;
    private const int EdgeIdleAfter = 600_000;
    private const int ShortestPeriod = 1000;
    private const int LongestPeriod = 300_000;

    private readonly Dictionary<CounterId, CounterLedger> _counters = [];
    private readonly Dictionary<Guid, KnownEdge> _edges = [];
    private readonly Dictionary<CounterDefinition, CounterDefinition> _definitions = [];
    private long _grant;
    private long _sweptAt = long.MinValue / 2;

    /// <summary>Another, greater one after every loss of the memory.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>How many counters it holds.</summary>
    public int Count => _counters.Count;

    /// <summary>An answer for a partition that cannot lend now.</summary>
    public static LeaseAnswer NotReady(long epoch) => new() { Epoch = epoch, Replies = [], RetryAfterMilliseconds = NotReadyRetry };

    /// <summary>Answers a call of an edge.</summary>
    /// <exception cref="ArgumentException">The call breaks the bounds of its contract.</exception>
    public PartitionAnswer Acquire(long now, LeaseCall call)
    {
        if (call.Requests.Length > MostRequests)
        {
            throw new ArgumentException($"At most {MostRequests} counters are asked at once.", nameof(call));
        }

        if (Standing(now, call) is not { } known)
        {
            return new PartitionAnswer(NotReady(Epoch)) { NeedsEcho = !Knows(call.Edge) };
        }

        known.SeenAt = now;
        var answer = new PartitionAnswer(new LeaseAnswer { Epoch = Epoch, Replies = new LeaseReply[call.Requests.Length] });
        for (var index = 0; index < call.Requests.Length; index++)
        {
            answer.Lease.Replies[index] = Acquire(now, call, call.Requests[index], answer);
        }

        return answer;
    }

    /// <summary>
    /// Takes over what an edge says of itself; from then on it is in step. Only once: an echo that comes late or again does not know what was lent since.
    /// </summary>
    public void Learn(long now, Guid edge, CounterMemory[] memories)
    {
        if (!_edges.TryAdd(edge, new KnownEdge { SeenAt = now }))
        {
            return;
        }

        foreach (var memory in memories.DistinctBy(memory => memory.Counter))
        {
            Ledger(memory.Counter, memory.Definition, isBounded: false, now)!.Learn(now, edge, memory);
        }
    }

    /// <summary>An edge does not tell what it holds, and its leases have ended by now: it starts afresh.</summary>
    public void Admit(long now, Guid edge) => _edges.TryAdd(edge, new KnownEdge { SeenAt = now, IsAdmitted = true });

    /// <summary>True when the edge is in step with this epoch.</summary>
    public bool Knows(Guid edge) => _edges.ContainsKey(edge);

    /// <summary>Drops counters of which nothing is charged, and edges long silent.</summary>
    /// <returns>Tokens freed of which nobody ever said what became of them.</returns>
    public long Sweep(long now)
    {
        _sweptAt = now;
        var stranded = 0L;
        foreach (var (id, ledger) in _counters)
        {
            stranded += ledger.Sweep(now);
            if (ledger.IsIdle(now))
            {
                _counters.Remove(id);
            }
        }

        foreach (var (edge, known) in _edges)
        {
            if (now - known.SeenAt >= EdgeIdleAfter)
            {
                _edges.Remove(edge);
            }
        }

        return stranded;
    }

    /// <summary>All that another holder needs to go on as if nothing had happened.</summary>
    public PartitionMemory Write(long now) => new()
    {
        Epoch = Epoch,
        Grant = _grant,
        Edges = [.. _edges.Where(edge => !edge.Value.IsAdmitted).Select(edge => edge.Key)],
        Admitted = [.. _edges.Where(edge => edge.Value.IsAdmitted).Select(edge => edge.Key)],
        Counters = [.. _counters.Where(counter => counter.Value.Charged > 0).Select(counter => new LedgerMemory
        {
            Counter = counter.Key,
            Definition = counter.Value.Definition,
            Shares = [.. counter.Value.Shares.Select(share => new ShareMemory
            {
                Edge = share.Edge,
                Sequence = share.Sequence,
                Spent = [.. share.Spent.Entries.SelectMany(entry => (long[])[entry.At - now, entry.Count])],
                Leases = [.. share.Leases.SelectMany(lease => (long[])[lease.Expiry - now, lease.Count])],
            })],
        })],
    };

    /// <summary>Goes on from what another holder had written. The time in between is unknown and counts as none: all is charged a little longer.</summary>
    public static CounterPartition Read(PartitionMemory memory, long now, int maxCounters)
    {
        var partition = new CounterPartition(memory.Epoch, maxCounters) { _grant = memory.Grant };
        foreach (var edge in memory.Edges)
        {
            partition._edges[edge] = new KnownEdge { SeenAt = now };
        }

        foreach (var edge in memory.Admitted)
        {
            partition.Admit(now, edge);
        }

        foreach (var counter in memory.Counters)
        {
            var ledger = partition.Ledger(counter.Counter, counter.Definition, isBounded: false, now)!;
            foreach (var share in counter.Shares)
            {
                ledger.Restore(share.Edge, share.Sequence, Dated(share.Spent, now), Dated(share.Leases, now));
            }
        }

        return partition;
    }

    private static IEnumerable<(long At, long Count)> Dated(long[] pairs, long now) => pairs.Chunk(2).Select(pair => (now + pair[0], pair[1]));

    private LeaseReply Acquire(long now, LeaseCall call, LeaseRequest request, PartitionAnswer answer)
    {
        var definition = request.Definition;
        if (definition.Limit < 1 || definition.PeriodMilliseconds is < ShortestPeriod or > LongestPeriod)
        {
            // Only this one: the others of the call have done nothing wrong.
            answer.Refused++;
            return new LeaseReply { RetryAfterMilliseconds = FullRetry };
        }

        var asks = request.Want > 0 || request.Waiting > 0;
        if (!asks && !_counters.ContainsKey(request.Counter))
        {
            return new LeaseReply { Remaining = definition.Limit };
        }

        if (Ledger(request.Counter, definition, isBounded: true, now) is not { } ledger)
        {
            answer.Refused++;
            return new LeaseReply { RetryAfterMilliseconds = FullRetry };
        }

        // What an edge says under another epoch is not of our grants.
        var heard = call.Epoch == Epoch ? request : request with { Spent = 0, Held = 0 };
        var outcome = ledger.Acquire(now, call.Edge, call.Sequence, heard with { Definition = Intern(definition) }, _grant + 1);
        answer.Add(request.Counter, outcome);
        _grant += outcome.Reply.Granted > 0 ? 1 : 0;
        return outcome.Reply;
    }

    // Null: the edge has to tell first what it holds.
    private KnownEdge? Standing(long now, LeaseCall call)
    {
        var known = _edges.GetValueOrDefault(call.Edge);
        if (call.Epoch == Epoch)
        {
            if (known is not null)
            {
                known.IsAdmitted = false;
            }

            return known;
        }

        if (call.Epoch == 0 && known is null)
        {
            // A life that knows nothing of this partition.
            return _edges[call.Edge] = new KnownEdge { SeenAt = now };
        }

        return call.Epoch == 0 || known is { IsAdmitted: true } ? known : null;
    }

    private CounterLedger? Ledger(CounterId id, CounterDefinition definition, bool isBounded, long now)
    {
        if (_counters.TryGetValue(id, out var ledger))
        {
            return ledger;
        }

        if (isBounded && _counters.Count >= maxCounters)
        {
            if (now - _sweptAt >= FullRetry)
            {
                Sweep(now);
            }

            if (_counters.Count >= maxCounters)
            {
                return null;
            }
        }

        return _counters[id] = new CounterLedger(Intern(definition));
    }

    // Thousands of counters share one definition.
    private CounterDefinition Intern(CounterDefinition definition)
    {
        if (_definitions.TryGetValue(definition, out var known))
        {
            return known;
        }

        if (_definitions.Count >= MostDefinitions)
        {
            _definitions.Clear();
        }

        return _definitions[definition] = definition;
    }

    private sealed class KnownEdge
    {
        public long SeenAt { get; set; }

        public bool IsAdmitted { get; set; }
    }
}
