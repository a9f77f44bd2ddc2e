using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Federation;

/// <summary>Makes the puller of each activation.</summary>
internal sealed class HubPullerFactory(
    UpstreamOptions options, IPublicationStore store, CatalogSource catalog, SiteLineage site, CatalogOptions catalogOptions, TimeProvider time, ILogger<HubPuller> logger)
{
    /// <summary>A puller; the caller disposes it.</summary>
    public HubPuller Create()
    {
        var codec = ChunkCodec.ForFederation(catalogOptions.SiteKey.Publication);
        return new HubPuller(options, new HubCopy(store, catalog, site, codec), codec, time, new Random(), logger);
    }
}
