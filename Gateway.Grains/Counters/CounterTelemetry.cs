using System.Diagnostics.Metrics;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters;

/// <summary>What a silo's counters do, as metrics.</summary>
internal sealed class CounterTelemetry
{
    private readonly Counter<long> _grants;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _recalls;
    private readonly Counter<long> _stranded;
    private readonly Counter<long> _cut;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _takeovers;

    public CounterTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Gateway.Counters");
        _grants = meter.CreateCounter<long>("lease_grants", description: "Slices of allowance lent to edges.");
        _tokens = meter.CreateCounter<long>("lease_tokens", description: "Tokens in them.");
        _recalls = meter.CreateCounter<long>("lease_recalls", description: "Calls that asked an edge to give tokens back.");
        _stranded = meter.CreateCounter<long>("lease_stranded_tokens", description: "Tokens of which no edge said what became of them, freed a window after their lease.");
        _cut = meter.CreateCounter<long>("lease_reports_cut", description: "Reports that claimed to hold more than was lent; what was more did not count. 0 unless a call took longer than a window, or an edge breaks the protocol.");
        _refused = meter.CreateCounter<long>("lease_refusals", description: "Counters that got nothing because their partition holds as many as it may.");
        _takeovers = meter.CreateCounter<long>("lease_takeovers", description: "Partitions begun, by what this silo started from.");
    }

    /// <summary>Counts what a call led to.</summary>
    public void Count(PartitionAnswer answer)
    {
        Add(_grants, answer.Grants);
        Add(_tokens, answer.Tokens);
        Add(_cut, answer.Cut);
        Add(_refused, answer.Refused);
        Add(_stranded, answer.Stranded);
    }

    /// <summary>Counts calls to edges for their tokens.</summary>
    public void CountRecalls(int edges) => Add(_recalls, edges);

    /// <summary>Counts tokens whose end nobody told.</summary>
    public void CountStranded(long tokens) => Add(_stranded, tokens);

    /// <summary>Counts a partition begun.</summary>
    /// <param name="from"><c>nothing</c>, <c>hand-over</c> or <c>echoes</c>.</param>
    public void CountTakeover(string from) => _takeovers.Add(1, new KeyValuePair<string, object?>("from", from));

    private static void Add(Counter<long> counter, long count)
    {
        if (count > 0)
        {
            counter.Add(count);
        }
    }
}
