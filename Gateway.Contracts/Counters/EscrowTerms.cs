namespace Gateway.Contracts.Counters;

/// <summary>What an edge may let pass of a counter when no partition answers any more: others leave it that, once they miss the edge.</summary>
/// <param name="Tokens">So many in any window, 1 and up.</param>
/// <param name="FromMilliseconds">Not before so much time has gone by since this answer <b>came</b>, without another one.</param>
/// <param name="UntilMilliseconds">And not after so much time since the edge <b>sent</b> the call. Both on the edge's monotonic clock.</param>
[GenerateSerializer, Immutable, Alias("gw.EscrowTerms")]
public sealed record EscrowTerms([property: Id(0)] long Tokens, [property: Id(1)] int FromMilliseconds, [property: Id(2)] int UntilMilliseconds);
