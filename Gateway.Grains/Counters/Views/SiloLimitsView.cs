using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Views;

/// <summary>What one silo tells whoever makes the report.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Hottest">Its most used counters, hottest first.</param>
/// <param name="Edges">The edges that it has heard lately.</param>
/// <param name="Store">How its state store keeps things.</param>
[GenerateSerializer, Immutable, Alias("gw.SiloLimitsView")]
internal sealed record SiloLimitsView(
    [property: Id(0)] SiloLimits Silo,
    [property: Id(1)] LimitView[] Hottest,
    [property: Id(2)] EdgeAddress[] Edges,
    [property: Id(3)] StoreDurability Store);

/// <summary>An edge, and where it is reached.</summary>
[GenerateSerializer, Immutable, Alias("gw.EdgeAddress")]
internal sealed record EdgeAddress([property: Id(0)] Guid Life, [property: Id(1)] ICounterEdge Observer);
