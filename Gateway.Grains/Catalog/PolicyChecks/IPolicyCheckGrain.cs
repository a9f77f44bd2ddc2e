using Gateway.Contracts.Catalog;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>Compiles policy documents away from the catalog's turn. A stateless worker. Key: <see cref="CatalogKeys.Service"/>.</summary>
[Alias("gw.IPolicyCheckGrain")]
internal interface IPolicyCheckGrain : IGrainWithStringKey
{
    /// <summary>One verdict per document, in their order.</summary>
    [Alias("Check"), ResponseTimeout("00:02:00")]
    Task<PolicyVerdict[]> Check(PolicyToCheck[] policies);
}
