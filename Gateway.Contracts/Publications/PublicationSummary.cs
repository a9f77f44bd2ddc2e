namespace Gateway.Contracts.Publications;

/// <summary>One kept publication of a gateway, for people.</summary>
[GenerateSerializer, Immutable, Alias("gw.PublicationSummary")]
public sealed record PublicationSummary
{
    /// <summary>Its name.</summary>
    [Id(0)] public required PublicationId Id { get; init; }

    /// <summary>The catalog version that it holds; of a roll-back the version that it put aside.</summary>
    [Id(1)] public required long CatalogVersion { get; init; }

    /// <summary>When it was made.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many parts it has: APIs, buckets of subscriptions, programs and the service-wide part.</summary>
    [Id(3)] public int Parts { get; init; }

    /// <summary>Bytes of all its parts as they are stored.</summary>
    [Id(4)] public long Bytes { get; init; }

    /// <summary>The number of the publication that it brought back; null when it was made from the catalog.</summary>
    [Id(5)] public long? RollbackOf { get; init; }
}

/// <summary>One part of a publication.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Id">The API's id, the bucket's number, the program's id, or <c>service</c>.</param>
/// <param name="Name">Names the content: parts of equal name are equal.</param>
/// <param name="Length">Bytes as stored.</param>
[GenerateSerializer, Immutable, Alias("gw.PublicationPart")]
public sealed record PublicationPart(
    [property: Id(0)] ChunkKind Kind,
    [property: Id(1)] string Id,
    [property: Id(2)] string Name,
    [property: Id(3)] int Length);

/// <summary>How far a gateway's publications and their edges are.</summary>
/// <param name="Current">The publication in force; null before the first.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CatalogVersion">The catalog version up to which everything is in force.</param>
/// <param name="Feeds">What each edge that polled lately runs.</param>
[GenerateSerializer, Immutable, Alias("gw.PublicationStanding")]
public sealed record PublicationStanding(
    [property: Id(0)] PublicationId? Current,
    [property: Id(1)] DateTimeOffset? CreatedAt,
    [property: Id(2)] long CatalogVersion,
    [property: Id(3)] FeedStatus[] Feeds);
