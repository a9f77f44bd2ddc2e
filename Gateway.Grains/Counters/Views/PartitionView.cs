using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Views;

/// <summary>What one partition shows.</summary>
/// <param name="Count">How many counters it holds.</param>
/// <param name="Hottest">The most used ones, in no order; without what only the silo or an edge knows.</param>
/// <param name="Stranded">Tokens freed by the look of which nobody ever said what became of them.</param>
internal sealed record PartitionView(int Count, IReadOnlyCollection<LimitView> Hottest, long Stranded);
