using Gateway.Contracts.Publications;

namespace Gateway.Edge.Publications;

/// <summary>
/// One verified and decoded publication, ready to be built into a model. A chunk that did not change since the publication
/// before is the same object, so that what was built from it can be used again.
/// </summary>
public sealed record PublicationContent
{
    /// <summary>The verified manifest.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The service-wide part.</summary>
    public required DecodedChunk<ServiceChunk> Service { get; init; }

    /// <summary>The APIs, ordered by id.</summary>
    public required IReadOnlyList<DecodedChunk<ApiChunk>> Apis { get; init; }

    /// <summary>The buckets of subscriptions that hold any, ordered by id.</summary>
    public required IReadOnlyList<DecodedChunk<SubscriptionsChunk>> Subscriptions { get; init; }
}

/// <summary>One decoded chunk.</summary>
/// <param name="Id">The chunk's id in the manifest: an API's id, a bucket's number, or <c>service</c>.</param>
/// <param name="Name">Names the content: equal names mean equal content, also between publications.</param>
/// <param name="Value">The content.</param>
public sealed record DecodedChunk<T>(string Id, string Name, T Value);
