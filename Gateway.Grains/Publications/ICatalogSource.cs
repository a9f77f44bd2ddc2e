using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>The catalog as publications read it, straight from the state store. Failures of the store are exceptions of its client.</summary>
internal interface ICatalogSource
{
    /// <summary>Where the catalog stands; null when the store holds no catalog.</summary>
    Task<CatalogHead?> HeadAsync();

    /// <summary>Every resource. Not of one moment: the caller looks at the head before and after.</summary>
    Task<IReadOnlyList<SourceRecord>> AllAsync();

    /// <summary>The resources with these ids, without properties where they are gone. Not of one moment either.</summary>
    Task<IReadOnlyList<SourceRecord>> SomeAsync(IReadOnlyCollection<string> ids);

    /// <summary>The ids changed after one version up to another; null when that is not kept any longer.</summary>
    Task<IReadOnlyCollection<string>?> ChangedAsync(long after, long upTo);

    /// <summary>The ids of the gateways that the catalog has, the built-in ones included.</summary>
    Task<IReadOnlyCollection<string>> GatewaysAsync();
}

/// <summary>Where the catalog stands.</summary>
/// <param name="Lineage">The catalog's life.</param>
/// <param name="Predecessors">The lives that it continues.</param>
/// <param name="Version">The version of the last commit.</param>
internal sealed record CatalogHead(string Lineage, IReadOnlyList<string> Predecessors, long Version)
{
    /// <summary>True when both are the same moment of the same life.</summary>
    public bool IsAt(CatalogHead? other) => other is not null && Version == other.Version && Lineage == other.Lineage;
}
