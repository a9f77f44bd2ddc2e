using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>What a counter allows: as the newest publication says; without one, as the last edge to ask says. A mutable struct, for a field that is not read-only.</summary>
internal struct NewestDefinition(CounterDefinition definition)
{
    private string? _leftLineage;

    /// <summary>What holds.</summary>
    public CounterDefinition Current { get; private set; } = definition;

    /// <summary>Takes over what an edge says, unless what is known is newer.</summary>
    /// <returns>True when less is allowed than before, so that what is lent has to come back.</returns>
    public bool Adopt(CounterDefinition candidate)
    {
        if (candidate == Current || !IsNewer(candidate.Publication?.Lineage, candidate.Publication?.Number))
        {
            return false;
        }

        if (Current.Publication?.Lineage is { } lineage && lineage != candidate.Publication?.Lineage)
        {
            _leftLineage = lineage;
        }

        var isLess = candidate.Limit < Current.Limit;
        Current = candidate;
        return isLess;
    }

    private readonly bool IsNewer(string? lineage, long? number) =>
        Current.Publication is not { } current || lineage is null
        || (lineage == current.Lineage ? number >= current.Number : lineage != _leftLineage);
}
