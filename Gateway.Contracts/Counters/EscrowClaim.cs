namespace Gateway.Contracts.Counters;

/// <summary>What an edge says of its share of a counter for times without silos.</summary>
/// <param name="Tokens">The share that it goes by: the last one that it heard of, or a greater one that it used within the window.</param>
/// <param name="IsWanted">True while it needs one: its limit says <c>on-outage="escrow"</c>, and is in use.</param>
/// <param name="IsUsed">True when some of it may have let requests pass within the window, or may do so now.</param>
[GenerateSerializer, Immutable, Alias("gw.EscrowClaim")]
public sealed record EscrowClaim([property: Id(0)] long Tokens, [property: Id(1)] bool IsWanted, [property: Id(2)] bool IsUsed);
