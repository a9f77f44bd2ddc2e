using Gateway.Contracts.Backups;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;

namespace Gateway.Management.Resources;

/// <summary>The grains that the management API talks to.</summary>
internal sealed class Catalog(IGrainFactory grains)
{
    /// <summary>Copies the catalog to a file and back.</summary>
    public IBackupGrain Backup => grains.GetGrain<IBackupGrain>(CatalogKeys.Service);

    /// <summary>Reads the catalog.</summary>
    public ICatalogReader Reader => grains.GetGrain<ICatalogReader>(CatalogKeys.Service);

    /// <summary>Writes the catalog.</summary>
    public ICatalogWriter Writer => grains.GetGrain<ICatalogWriter>(CatalogKeys.Service);

    /// <summary>Writes policy documents in another spelling.</summary>
    public IPolicySpeller Speller => grains.GetGrain<IPolicySpeller>(CatalogKeys.Service);

    /// <summary>Knows what limits do.</summary>
    public ILimitsGrain Limits => grains.GetGrain<ILimitsGrain>(CatalogKeys.Service);

    /// <summary>Knows what of a cache is purged.</summary>
    public ICacheRegionGrain CacheRegion(string cache) => grains.GetGrain<ICacheRegionGrain>(cache);

    /// <summary>Makes the publications of a gateway.</summary>
    public IPublicationGrain Publications(string gateway) => grains.GetGrain<IPublicationGrain>(gateway);

    /// <summary>Knows the nodes.</summary>
    public ISiteGrain Site => grains.GetGrain<ISiteGrain>(CatalogKeys.Service);
}
