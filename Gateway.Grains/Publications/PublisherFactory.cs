using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>Makes the publisher of each gateway.</summary>
internal sealed class PublisherFactory(
    CatalogSource catalog, SiteLineage site, IPublicationStore store, IPolicyTrees trees, SigningKey signingKey, ProgramImages programs,
    CatalogOptions catalogOptions, PublicationOptions options, PublicationFaults faults, TimeProvider time, ILogger<Publisher> logger)
{
    private readonly ChunkCodec _codec = new(catalogOptions.SiteKey.Publication);

    /// <summary>The publisher of one gateway; the caller disposes it.</summary>
    public Publisher Create(string gateway) =>
        new(gateway, catalog, site, store, signingKey, _codec, () => new Projector(gateway, options.ServiceName, trees, new ProgramTable(programs, logger)),
            new AbiDemand(programs.Abis, time), faults, time, logger);
}
