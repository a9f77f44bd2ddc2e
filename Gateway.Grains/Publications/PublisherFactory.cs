using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Federation;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>Makes the publisher of each gateway, and decides where its parts come from. The upstream is there on a federated site only.</summary>
internal sealed class PublisherFactory(
    CatalogSource catalog, SiteLineage site, IPublicationStore store, IPolicyTrees trees, SigningKey signingKey, ProgramImages programs,
    CatalogOptions catalogOptions, PublicationOptions options, PublicationFaults faults, TimeProvider time, ILogger<Publisher> logger, UpstreamOptions? upstream = null)
{
    private readonly ChunkCodec _codec = new(catalogOptions.SiteKey.Publication);
    private readonly ChunkCodec _federation = ChunkCodec.ForFederation(catalogOptions.SiteKey.Publication);

    /// <summary>The publisher of one gateway's edges, or of the site that a gateway is; the caller disposes it.</summary>
    /// <param name="place">The gateway's id, or a name that <see cref="FederationNames.PublicationsOf"/> gives.</param>
    public Publisher Create(string place) =>
        FederationNames.GatewayOf(place) is { } federated
            ? Create(place, federated, new CatalogParts(federated, catalog, () => Projector(federated, new FederatedParts(catalogOptions.SiteKey.Publication))), _federation)
        : upstream is not null
            ? Create(place, place, new UpstreamParts(place, catalog, store, _federation, Programs), _codec)
            : Create(place, place, new CatalogParts(place, catalog, () => Projector(place, Programs())), _codec);

    private Publisher Create(string place, string gateway, IPartSource source, ChunkCodec codec) =>
        new(place, gateway, source, site, store, signingKey, codec, new AbiDemand(programs.Abis, time), faults, time, logger);

    private Projector Projector(string gateway, IPartFinisher finisher) => new(gateway, options.ServiceName, trees, finisher);

    private ProgramTable Programs() => new(programs, logger);
}
