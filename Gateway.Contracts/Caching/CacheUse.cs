namespace Gateway.Contracts.Caching;

/// <summary>What requests of one edge looked for most, within the last seconds.</summary>
[GenerateSerializer, Immutable, Alias("gw.CacheUse")]
public sealed record CacheUse
{
    /// <summary>The edge's name.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>The responses, at most <see cref="MaximumResponses"/>.</summary>
    [Id(1)] public required HotResponse[] Responses { get; init; }

    /// <summary>The most that are told.</summary>
    public const int MaximumResponses = 100;
}

/// <summary>A cached response that many requests look for, or one that they miss.</summary>
/// <param name="Entry">Names it: 128 bits of its key's hash.</param>
/// <param name="Api">The API's id.</param>
/// <param name="Operation">The operation's id; null for none.</param>
/// <param name="Path">The path that clients asked for, without the query; at most <see cref="MaximumPath"/> characters.</param>
/// <param name="RequestsPerSecond">Requests that looked for it; an estimate.</param>
/// <param name="HitsPerSecond">Those of them that it was the answer to.</param>
[GenerateSerializer, Immutable, Alias("gw.HotResponse")]
public sealed record HotResponse(
    [property: Id(0)] UInt128 Entry,
    [property: Id(1)] string? Api,
    [property: Id(2)] string? Operation,
    [property: Id(3)] string Path,
    [property: Id(4)] double RequestsPerSecond,
    [property: Id(5)] double HitsPerSecond)
{
    /// <summary>The longest path.</summary>
    public const int MaximumPath = 256;
}
