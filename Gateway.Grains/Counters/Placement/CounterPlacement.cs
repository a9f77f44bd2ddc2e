using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Gateway.Grains.Counters.Placement;

/// <summary>Places partitions of counters by <see cref="PartitionShares"/>.</summary>
[GenerateSerializer, Immutable, Alias("gw.CounterPlacement")]
internal sealed class CounterPlacement : PlacementStrategy
{
    /// <summary>The only one.</summary>
    public static CounterPlacement Instance { get; } = new();
}

/// <summary>Places a grain by <see cref="CounterPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CounterPlacementAttribute() : PlacementAttribute(CounterPlacement.Instance);

/// <summary>Looks up the silo of a partition among those that are active.</summary>
internal sealed class CounterPlacementDirector : IPlacementDirector
{
    /// <inheritdoc />
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target).Order().ToArray();
        var assigned = PartitionShares.Assign([.. silos.Select(silo => silo.ToParsableString())]);

        // An id that is no partition is refused by the grain itself.
        return Task.FromResult(silos[assigned[(int)((ulong)target.GrainIdentity.GetIntegerKey() % (ulong)assigned.Length)]]);
    }
}
