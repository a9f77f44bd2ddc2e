using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One part of a publication: what becomes one chunk.</summary>
internal readonly record struct PartKey(ChunkKind Kind, string Id)
{
    /// <summary>The page of the index that names it.</summary>
    public int Page => IndexPage.Of(Kind, Id);

    /// <summary>A reference that stands at its place, to look it up by.</summary>
    public ChunkReference Place => new(Kind, Id, "", 0);

    /// <summary>The service-wide part.</summary>
    public static PartKey Service { get; } = new(ChunkKind.Service, ChunkReference.ServiceId);

    /// <summary>The part of one API.</summary>
    public static PartKey Api(string id) => new(ChunkKind.Api, id);

    /// <summary>The part of a program.</summary>
    public static PartKey Program(string key, int abi) => new(ChunkKind.Program, ProgramChunk.Id(key, abi));

    /// <summary>The bucket that holds a subscription.</summary>
    public static PartKey BucketOf(string subscription) => SubscriptionBuckets.Part(SubscriptionBuckets.Of(subscription));
}
