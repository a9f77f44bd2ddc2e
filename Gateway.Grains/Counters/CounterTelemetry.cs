using System.Diagnostics.Metrics;
using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters;

/// <summary>What a silo's counters do, as metrics.</summary>
internal sealed class CounterTelemetry
{
    private static readonly (LendingMode Mode, string Name)[] Modes = [(LendingMode.Fenced, "fenced"), (LendingMode.Unfenced, "unfenced"), (LendingMode.None, "none")];

    private readonly Meter _meter;
    private readonly Counter<long> _grants;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _recalls;
    private readonly Counter<long> _stranded;
    private readonly Counter<long> _cut;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _takeovers;
    private readonly Counter<long> _reservations;
    private long _strandedTotal;

    public CounterTelemetry(IMeterFactory meters)
    {
        var meter = _meter = meters.Create("Gateway.Counters");
        _grants = meter.CreateCounter<long>("gateway.counters.grants", description: "Slices of allowance lent to edges.");
        _tokens = meter.CreateCounter<long>("gateway.counters.tokens", description: "Tokens in them.");
        _recalls = meter.CreateCounter<long>("gateway.counters.recalls", description: "Calls that asked an edge to give tokens back.");
        _stranded = meter.CreateCounter<long>("gateway.counters.stranded_tokens", description: "Tokens of which no edge said what became of them, freed a window after their lease.");
        _cut = meter.CreateCounter<long>("gateway.counters.reports_cut", description: "Reports that claimed to hold more than was lent; what was more did not count. 0 unless a call took longer than a window, or an edge breaks the protocol.");
        _refused = meter.CreateCounter<long>("gateway.counters.refusals", description: "Counters that got nothing because their partition holds as many as it may, or their limit is out of bounds.");
        _takeovers = meter.CreateCounter<long>("gateway.counters.takeovers", description: "Partitions begun, by what this silo started from.");
        _reservations = meter.CreateCounter<long>("gateway.counters.quota_reservations", description: "Writes of quotas to the state store, by outcome: made, conflict (another holder wrote) or away (the store did not answer).");
    }

    /// <summary>Tokens of which nobody said what became of them, since the start.</summary>
    public long Stranded => Interlocked.Read(ref _strandedTotal);

    /// <summary>Shows what this silo may rely on, and how many partitions it holds.</summary>
    public void Show(Func<LendingMode> mode, Func<int> partitions)
    {
        _meter.CreateObservableGauge(
            "gateway.counters.mode",
            () => Measure(mode()),
            description: "1 for the way in force: fenced, unfenced (the store answers nobody) or none (nothing is lent).");
        _meter.CreateObservableGauge("gateway.counters.partitions", partitions, description: "Partitions active in this silo.");
    }

    /// <summary>Counts what a call led to.</summary>
    public void Count(PartitionAnswer answer)
    {
        Add(_grants, answer.Grants);
        Add(_tokens, answer.Tokens);
        Add(_cut, answer.Cut);
        Add(_refused, answer.Refused);
        CountStranded(answer.Stranded);
    }

    /// <summary>Counts calls to edges for their tokens.</summary>
    public void CountRecalls(int edges) => Add(_recalls, edges);

    /// <summary>Counts tokens whose end nobody told.</summary>
    public void CountStranded(long tokens)
    {
        Add(_stranded, tokens);
        Interlocked.Add(ref _strandedTotal, tokens);
    }

    /// <summary>Counts a partition begun.</summary>
    /// <param name="from"><c>nothing</c>, <c>hand-over</c> or <c>echoes</c>.</param>
    public void CountTakeover(string from) => _takeovers.Add(1, new KeyValuePair<string, object?>("from", from));

    /// <summary>Counts writes of quotas.</summary>
    /// <param name="count">How many.</param>
    /// <param name="outcome"><c>made</c>, <c>conflict</c> or <c>away</c>.</param>
    public void CountReservations(int count, string outcome)
    {
        if (count > 0)
        {
            _reservations.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    private static IEnumerable<Measurement<int>> Measure(LendingMode mode) =>
        Modes.Select(each => new Measurement<int>(each.Mode == mode ? 1 : 0, new KeyValuePair<string, object?>("mode", each.Name)));

    private static void Add(Counter<long> counter, long count)
    {
        if (count > 0)
        {
            counter.Add(count);
        }
    }
}
