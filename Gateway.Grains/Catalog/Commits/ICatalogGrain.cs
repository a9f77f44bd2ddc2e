using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.PolicyChecks;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>The catalog's single writer. Key: <see cref="CatalogKeys.Service"/>.</summary>
[Alias("gw.ICatalogGrain")]
internal interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>Commits a change set whose shapes are checked, or says what stands in its way.</summary>
    [Alias("Commit"), ResponseTimeout("00:00:30")]
    Task<CommitOutcome> Commit(CommitRequest request);

    /// <summary>The stored catalog was replaced: what is in memory is of no use any more.</summary>
    [Alias("Forget")]
    Task Forget();

    /// <summary>What <see cref="Commit"/> would say, with nothing written. Without changes every stored document has to be checked.</summary>
    [Alias("Try"), ResponseTimeout("00:00:30")]
    Task<CommitOutcome> Try(CommitRequest request);
}

/// <summary>A change set on its way in.</summary>
/// <param name="Changes">Changes with canonical ids and canonical properties.</param>
/// <param name="Verdicts">What checks of policy documents gave so far.</param>
[GenerateSerializer, Immutable, Alias("gw.CommitRequest")]
internal sealed record CommitRequest(
    [property: Id(0)] Change[] Changes,
    [property: Id(1)] PolicyVerdict[] Verdicts);

/// <summary>What became of it: exactly one of the three.</summary>
[GenerateSerializer, Immutable, Alias("gw.CommitOutcome")]
internal sealed record CommitOutcome
{
    /// <summary>It is committed.</summary>
    [Id(0)] public ChangeSetReceipt? Receipt { get; init; }

    /// <summary>It is refused.</summary>
    [Id(1)] public GatewayError[] Errors { get; init; } = [];

    /// <summary>These documents must be checked first; then ask again with the verdicts.</summary>
    [Id(2)] public PolicyToCheck[] ToCheck { get; init; } = [];
}
