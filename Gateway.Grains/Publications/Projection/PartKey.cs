using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One part of a publication: what becomes one chunk.</summary>
internal readonly record struct PartKey(ChunkKind Kind, string Id)
{
    /// <summary>The service-wide part.</summary>
    public static PartKey Service { get; } = new(ChunkKind.Service, ChunkReference.ServiceId);

    /// <summary>The part of one API.</summary>
    public static PartKey Api(string id) => new(ChunkKind.Api, id);

    /// <summary>The bucket that holds a subscription.</summary>
    public static PartKey BucketOf(string subscription) => new(ChunkKind.Subscriptions, SubscriptionBuckets.Name(SubscriptionBuckets.Of(subscription)));
}
