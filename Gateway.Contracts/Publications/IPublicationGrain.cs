using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;

namespace Gateway.Contracts.Publications;

/// <summary>
/// The publications of one gateway and the feed of its edges. Key: the gateway's id. Lives without the catalog grain.
/// </summary>
[Alias("gw.IPublicationGrain")]
public interface IPublicationGrain : IGrainWithStringKey
{
    /// <summary>
    /// The long poll of an edge. Answers at once when a publication is current that the edge neither runs nor has
    /// rejected, else when one is made, else after the wait with null. The call is the acknowledgement of what the edge runs.
    /// </summary>
    [Alias("Next"), ResponseTimeout("00:00:05")]
    Task<PublicationOffer?> Next(FeedPosition position, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>The stored bodies of chunks of publications that are kept, in the order asked; null for one that is gone.</summary>
    [Alias("GetChunks"), ResponseTimeout("00:00:30")]
    Task<byte[]?[]> GetChunks(string[] names, CancellationToken cancellationToken);

    /// <summary>Told by the catalog after a commit; the grain looks for itself, so a lost call only costs time.</summary>
    [Alias("CatalogChanged"), OneWay]
    Task CatalogChanged(long version);

    /// <summary>The publication in force, or null before the first is made.</summary>
    [Alias("Current")]
    Task<SignedManifest?> Current(CancellationToken cancellationToken);

    /// <summary>What each edge that polled lately runs.</summary>
    [Alias("Feeds")]
    Task<FeedStatus[]> Feeds(CancellationToken cancellationToken);

    /// <summary>How far publications and edges are.</summary>
    [Alias("Standing")]
    Task<PublicationStanding> Standing(CancellationToken cancellationToken);

    /// <summary>The publications that are kept, newest first.</summary>
    [Alias("History")]
    Task<PublicationSummary[]> History(CancellationToken cancellationToken);

    /// <summary>The parts of a kept publication, ordered by kind and id; null when it is not kept.</summary>
    [Alias("Parts")]
    Task<PublicationPart[]?> Parts(long number, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes what an earlier publication held, under the next number. The catalog is not changed; its next change is published with all that it holds then.
    /// </summary>
    [Alias("Rollback"), ResponseTimeout("00:01:00")]
    Task<Result<PublicationId>> Rollback(long number, CancellationToken cancellationToken);

    /// <summary>How the trying of new publications by a share of the edges stands.</summary>
    [Alias("Rollout")]
    Task<RolloutStanding> Rollout(CancellationToken cancellationToken);

    /// <summary>Sets or, with null, takes away the rule of the rollout; what is being tried under the rule before goes to all edges.</summary>
    [Alias("SetRollout"), ResponseTimeout("00:00:10")]
    Task<Result<RolloutStanding>> SetRollout(RolloutRule? rule, CancellationToken cancellationToken);

    /// <summary>Gives what is being tried to all edges now.</summary>
    [Alias("Promote"), ResponseTimeout("00:00:10")]
    Task<Result<RolloutStanding>> Promote(CancellationToken cancellationToken);
}

/// <summary>Where an edge stands, said with every poll.</summary>
[GenerateSerializer, Immutable, Alias("gw.FeedPosition")]
public sealed record FeedPosition
{
    /// <summary>The polling node's name.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>What it runs; null when nothing yet.</summary>
    [Id(1)] public PublicationId? Running { get; init; }

    /// <summary>The newest publication it could not build; null when none.</summary>
    [Id(2)] public PublicationId? Rejected { get; init; }

    /// <summary>Why; null when nothing was rejected.</summary>
    [Id(3)] public string? RejectedBecause { get; init; }

    /// <summary>The expression ABIs that it can run.</summary>
    [Id(4)] public int[] ExpressionAbis { get; init; } = [];

    /// <summary>Its labels, which say whether it gets new publications before others.</summary>
    [Id(5)] public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>Requests that it answered since what it runs came into force.</summary>
    [Id(6)] public long Requests { get; init; }

    /// <summary>Of these, answers of 500 and up.</summary>
    [Id(7)] public long Errors { get; init; }
}

/// <summary>What the silo side knows of one edge's feed.</summary>
[GenerateSerializer, Immutable, Alias("gw.FeedStatus")]
public sealed record FeedStatus(
    [property: Id(0)] FeedPosition Position,
    [property: Id(1)] DateTimeOffset LastPoll)
{
    /// <summary>When it first said that it runs what it runs.</summary>
    [Id(2)] public DateTimeOffset RunningSince { get; init; }
}
