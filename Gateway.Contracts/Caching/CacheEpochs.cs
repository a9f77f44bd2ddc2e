namespace Gateway.Contracts.Caching;

/// <summary>What of a cache is purged.</summary>
[GenerateSerializer, Immutable, Alias("gw.CacheEpochs")]
public sealed record CacheEpochs
{
    /// <summary>The epoch of the last purge. What an edge begins to make when it knows of it has this epoch.</summary>
    [Id(0)] public required long Current { get; init; }

    /// <summary>The last purges of scopes, each scope once, the oldest first. An entry of an earlier epoch in that scope is ended.</summary>
    [Id(1)] public required CachePurge[] Purges { get; init; }
}

/// <summary>The last purge of a scope.</summary>
[GenerateSerializer, Immutable, Alias("gw.CachePurge")]
public sealed record CachePurge([property: Id(0)] CacheScope Scope, [property: Id(1)] long Epoch);
