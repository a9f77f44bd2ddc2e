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
    private const int ShortestPeriod = 1000;
    private const int LongestPeriod = 300_000;

    private readonly Dictionary<CounterId, ICounterLedger> _counters = [];
    private readonly HashSet<CounterId> _due = [];
    private readonly PartitionEdges _edges = new(epoch);
    private readonly Dictionary<CounterDefinition, CounterDefinition> _definitions = [];
    private long _grant;
    private long _sweptAt = long.MinValue / 2;

    /// <summary>Another, greater one after every loss of the memory.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>How many counters it holds.</summary>
    public int Count => _counters.Count;

    /// <summary>The counters by their names.</summary>
    public IReadOnlyDictionary<CounterId, ICounterLedger> Counters => _counters;

    /// <summary>The site's time, by which periods of quotas begin and end. Whoever reads the store sets it.</summary>
    public SiteTime Site { get; } = new();

    /// <summary>How many edges share its limits.</summary>
    public EdgeCensus Census => _edges.Census;

    /// <summary>True when quotas want to read or write the store.</summary>
    public bool HasDue => _due.Count > 0;

    /// <summary>True when it holds quotas, which need the site's time.</summary>
    public bool HasQuotas { get; private set; }

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

        if (!_edges.Hear(now, call))
        {
            return new PartitionAnswer(NotReady(Epoch)) { NeedsEcho = !Knows(call.Edge) };
        }

        var answer = new PartitionAnswer(new LeaseAnswer { Epoch = Epoch, Replies = new LeaseReply[call.Requests.Length] });
        for (var index = 0; index < call.Requests.Length; index++)
        {
            answer.Lease.Replies[index] = Acquire(now, call, call.Requests[index], answer);
        }

        return answer;
    }

    /// <summary>
    /// Takes over what an edge says of itself; from then on it is in step. Only before its first call: an echo that comes late or again does not know what
    /// was lent since.
    /// </summary>
    public void Learn(long now, Guid edge, CounterMemory[] memories)
    {
        if (!_edges.Learn(now, edge))
        {
            return;
        }

        foreach (var memory in memories.DistinctBy(memory => memory.Counter))
        {
            if (IsValid(memory.Definition) && Ledger(memory.Counter, memory.Definition, isBounded: false, now) is { } ledger && IsSameKind(ledger, memory.Definition))
            {
                ledger.Learn(now, edge, memory);
                NoteWork(memory.Counter, ledger, now);
            }
        }
    }

    /// <summary>An edge may go by shares of which nothing is known here: they are left to it until it says what they are, or cannot use them any more.</summary>
    /// <param name="now">Now.</param>
    /// <param name="edge">The edge.</param>
    /// <param name="isRecent">True when it was heard so lately that it may have places of which nothing is known here either.</param>
    public void Miss(long now, Guid edge, bool isRecent) => _edges.Miss(now, edge, isRecent);

    /// <summary>An edge does not tell what it holds, and its leases have ended by now: it starts afresh.</summary>
    public void Admit(long now, Guid edge) => _edges.Admit(now, edge);

    /// <summary>True for an edge of which nothing was heard, where that matters.</summary>
    public bool IsMissed(Guid edge) => _edges.IsMissed(edge);

    /// <summary>True when the edge is in step with this epoch.</summary>
    public bool Knows(Guid edge) => _edges.Knows(edge);

    /// <summary>Drops counters of which nothing is charged, and edges long silent.</summary>
    /// <returns>Tokens freed of which nobody ever said what became of them.</returns>
    public long Sweep(long now)
    {
        _sweptAt = now;
        var stranded = 0L;
        HasQuotas = false;
        foreach (var (id, ledger) in _counters)
        {
            stranded += ledger.Sweep(now);
            if (ledger.IsIdle(now))
            {
                _counters.Remove(id);
                continue;
            }

            HasQuotas |= ledger is QuotaLedger;
            NoteWork(id, ledger, now);
        }

        if (_due.Count < _due.Capacity / 4)
        {
            // No room is kept for all that were due at the same time once.
            _due.TrimExcess();
        }

        _edges.Sweep(now);
        return stranded;
    }

    /// <summary>All that another holder needs to go on as if nothing had happened.</summary>
    public PartitionMemory Write(long now) => _edges.Write(now) with
    {
        Grant = _grant,
        Counters = [.. _counters.Select(counter => counter.Value.Write(counter.Key, now)).OfType<LedgerMemory>()],
    };

    /// <summary>
    /// Goes on from what another holder had written. Charges count as if no time had gone by in between, and so end a little later; edges are missed as if all of
    /// it had.
    /// </summary>
    /// <param name="memory">What was written.</param>
    /// <param name="now">The moment.</param>
    /// <param name="maxCounters">The most counters.</param>
    /// <param name="away">How long nobody had the partition, in milliseconds, never less than that.</param>
    public static CounterPartition Read(PartitionMemory memory, long now, int maxCounters, long away = 0)
    {
        var partition = new CounterPartition(memory.Epoch, maxCounters) { _grant = memory.Grant };
        partition._edges.Restore(memory, now);
        foreach (var counter in memory.Counters)
        {
            switch (partition.Ledger(counter.Counter, counter.Definition, isBounded: false, now))
            {
                case QuotaLedger quota when counter.Quota is not null:
                    quota.Restore(counter, now);
                    break;
                case CounterLedger ledger when counter.Quota is null:
                    ledger.Restore(counter, now, away);
                    break;
                case PlaceLedger places:
                    places.Restore(counter, now);
                    break;
            }
        }

        return partition;
    }

    /// <summary>The quotas that want to read or write the store now. Each is told what became of that.</summary>
    public List<(CounterId Counter, QuotaLedger Ledger)> TakeDue(long now, int most)
    {
        var taken = new List<(CounterId, QuotaLedger)>();
        foreach (var id in _due)
        {
            if (taken.Count == most)
            {
                break;
            }

            if (_counters.GetValueOrDefault(id) is not QuotaLedger ledger || !ledger.HasWork(now))
            {
                _due.Remove(id);
            }
            else if (ledger.IsDue(now))
            {
                _due.Remove(id);
                taken.Add((id, ledger));
            }
        }

        return taken;
    }

    /// <summary>The holder ends: all quotas that have something to give back to the store.</summary>
    public List<(CounterId Counter, QuotaLedger Ledger)> WithPool() =>
        [.. _counters.Where(counter => counter.Value is QuotaLedger { Account.Pool: not 0 }).Select(counter => (counter.Key, (QuotaLedger)counter.Value))];

    /// <summary>The ledger of a quota that somebody wants to see or set; its record is due to be read. Null when the partition is full.</summary>
    public QuotaLedger? Quota(long now, CounterId id, CounterDefinition definition)
    {
        if (!IsValid(definition) || definition.Quota is null || Ledger(id, definition, isBounded: true, now) is not QuotaLedger ledger)
        {
            return null;
        }

        ledger.Ask(now);
        _due.Add(id);
        return ledger;
    }

    /// <summary>A quota may have something to read or write.</summary>
    public void NoteWork(CounterId id, ICounterLedger ledger, long now)
    {
        if (ledger is QuotaLedger quota && quota.HasWork(now))
        {
            _due.Add(id);
        }
    }

    private static bool IsSameKind(ICounterLedger ledger, CounterDefinition definition) => ledger.Definition.Quota == definition.Quota && ledger.Definition.IsConcurrency == definition.IsConcurrency;

    private static bool IsValid(CounterDefinition definition) => definition.Limit is >= 1 and <= QuotaLedger.GreatestCount && (definition.Quota is { } quota
        ? definition.PeriodMilliseconds == 0 && !definition.IsConcurrency && quota.Seconds is >= 0 and <= QuotaCalendar.LongestSeconds
        : definition.IsConcurrency ? definition.PeriodMilliseconds == 0
        : definition.PeriodMilliseconds is >= ShortestPeriod and <= LongestPeriod);

    private LeaseReply Acquire(long now, LeaseCall call, LeaseRequest request, PartitionAnswer answer)
    {
        var definition = request.Definition;
        if (!IsValid(definition))
        {
            // Only this one: the others of the call have done nothing wrong.
            answer.Refused++;
            return new LeaseReply { RetryAfterMilliseconds = FullRetry };
        }

        var asks = request.Want > 0 || request.Waiting > 0 || request.Owed > 0 || request.Escrow is not null;
        if (!asks && !_counters.ContainsKey(request.Counter))
        {
            return new LeaseReply { Remaining = definition.Quota is null ? definition.Limit : 0 };
        }

        if (Ledger(request.Counter, definition, isBounded: true, now) is not { } ledger || !IsSameKind(ledger, definition))
        {
            answer.Refused++;
            return new LeaseReply { RetryAfterMilliseconds = FullRetry };
        }

        // What an edge says under another epoch is not of our grants.
        var heard = call.Epoch == Epoch ? request : request with { Spent = 0, Held = 0 };
        var outcome = ledger.Acquire(now, call.Edge, call.Sequence, heard with { Definition = Intern(definition) }, _grant + 1);
        answer.Add(request.Counter, outcome);
        NoteWork(request.Counter, ledger, now);
        _grant += outcome.Reply.Granted > 0 ? 1 : 0;
        return outcome.Reply;
    }

    private ICounterLedger? Ledger(CounterId id, CounterDefinition definition, bool isBounded, long now)
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

        HasQuotas |= definition.Quota is not null;
        return _counters[id] = definition switch
        {
            { Quota: not null } => new QuotaLedger(Intern(definition), Site),
            { IsConcurrency: true } => new PlaceLedger(Intern(definition), Census),
            _ => new CounterLedger(Intern(definition), Census),
        };
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
}
