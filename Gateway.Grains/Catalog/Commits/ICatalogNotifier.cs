using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>Tells those who project the catalog that it has a new version. A lost notice costs them at most a second.</summary>
internal interface ICatalogNotifier
{
    /// <summary>Does not wait.</summary>
    /// <param name="version">The version committed.</param>
    /// <param name="gateways">The declared gateways; the built-in one is told too.</param>
    void Notify(long version, IReadOnlyList<string> gateways);
}

/// <summary>Tells the publication grain of every gateway.</summary>
internal sealed class PublicationNotifier(IGrainFactory grains) : ICatalogNotifier
{
    /// <inheritdoc />
    public void Notify(long version, IReadOnlyList<string> gateways)
    {
        foreach (var gateway in gateways.Prepend(CatalogKeys.ManagedGateway))
        {
            grains.GetGrain<IPublicationGrain>(gateway).CatalogChanged(version).Ignore();
        }
    }
}
