using Gateway.Contracts.Secrets;

namespace Gateway.Grains.Catalog;

/// <summary>What the catalog needs to know from its host.</summary>
public sealed record CatalogOptions
{
    /// <summary>The installation's name: the prefix of every key in the state store.</summary>
    public required string ServiceId { get; init; }

    /// <summary>The key that all silos of the site share; secrets are stored under it.</summary>
    public required SiteKey SiteKey { get; init; }
}
