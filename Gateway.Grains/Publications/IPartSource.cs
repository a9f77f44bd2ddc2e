using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>
/// Where the parts of a gateway's publications come from: the catalog of this site or, on a federated site, the publication of its hub. Used
/// by one caller at a time. An outage of the store shows as the exceptions that <see cref="Storage.RedisStore.IsOutage"/> knows.
/// </summary>
internal interface IPartSource
{
    /// <summary>True once parts were given: what comes next is only what changed.</summary>
    bool IsBegun { get; }

    /// <summary>The expression ABIs that the programs given are there for, newest first; empty without programs.</summary>
    IReadOnlyList<int> Abis { get; }

    /// <summary>What there is now: the cheap look, each second.</summary>
    Task<SourceHead> ReadHeadAsync();

    /// <summary>True when the gateway is declared: when there is anything to publish for it.</summary>
    Task<bool> IsDeclaredAsync();

    /// <summary>The parts that changed since the last step; all of them the first time. Null when the store was flushed meanwhile.</summary>
    /// <param name="head">What there was at the last look.</param>
    /// <param name="abis">The expression ABIs to have programs for, newest first.</param>
    Task<SourceStep?> StepAsync(SourceHead head, IReadOnlyList<int> abis);

    /// <summary>Forgets what was given: the next step gives all.</summary>
    void StartAnew();
}

/// <summary>What there is to publish.</summary>
/// <param name="Lineage">The life of this site's catalog; null when the store was flushed.</param>
/// <param name="Version">The version of the catalog that the parts come from.</param>
/// <param name="Origin">The hub's publication that they come from; null when they come from this site's catalog.</param>
internal sealed record SourceHead(LineageRecord? Lineage, long Version, PublicationId? Origin = null)
{
    /// <summary>True when this is the same content as another look found.</summary>
    public bool IsSame(SourceHead? other) => other is not null && Lineage?.Id == other.Lineage?.Id && Version == other.Version && Origin == other.Origin;
}

/// <summary>A step of a source.</summary>
/// <param name="Head">What the parts belong to.</param>
/// <param name="IsAll">True when what the step does not give is gone.</param>
/// <param name="Parts">The parts, or why there are none; then they come with the next step.</param>
internal sealed record SourceStep(SourceHead Head, bool IsAll, Result<IReadOnlyList<ProjectedPart>> Parts);
