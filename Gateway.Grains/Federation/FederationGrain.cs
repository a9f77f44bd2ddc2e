using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Orleans.Concurrency;

namespace Gateway.Grains.Federation;

/// <inheritdoc cref="IFederationGrain" />
/// <remarks>A stateless worker: chunks are opened on the silo that sends them, and cross the site's network sealed.</remarks>
[StatelessWorker, Reentrant]
internal sealed class FederationGrain(CatalogOptions catalog, TimeProvider time) : Grain, IFederationGrain
{
    private readonly ChunkCodec _codec = ChunkCodec.ForFederation(catalog.SiteKey.Publication);

    private string Gateway => this.GetPrimaryKeyString();

    private IPublicationGrain Publications => GrainFactory.GetGrain<IPublicationGrain>(FederationNames.PublicationsOf(Gateway));

    /// <inheritdoc />
    public async Task<SignedManifest?> Next(string site, PublicationId? running, TimeSpan wait, CancellationToken cancellationToken) =>
        (await Publications.Next(new FeedPosition { Node = site, Running = running }, wait, cancellationToken))?.Signed;

    /// <inheritdoc />
    public async Task<byte[]?> GetChunk(string name, CancellationToken cancellationToken)
    {
        var body = (await Publications.GetChunks([name], cancellationToken))[0];
        if (body is null)
        {
            return null;
        }

        var packed = _codec.Unseal(name, body);
        return packed.IsSuccess ? packed.Value : throw new InvalidDataException($"A stored chunk for gateway '{Gateway}' cannot be opened: {packed.Errors[0].Message}");
    }

    /// <inheritdoc />
    public async Task Report(SiteHeartbeat heartbeat)
    {
        var now = time.GetUtcNow();
        var site = GrainFactory.GetGrain<ISiteGrain>(CatalogKeys.Service);
        await Task.WhenAll(heartbeat.Nodes.Take(SiteHeartbeat.MaximumNodes).Select((node, index) => site.Observe(new NodeStatus(
            node with { Gateway = Gateway, Site = Gateway }, now - Ago(heartbeat.SilentSeconds.ElementAtOrDefault(index))))));
    }

    /// <inheritdoc />
    public Task Tell(SiteEvent[] events)
    {
        var now = time.GetUtcNow();
        return GrainFactory.GetGrain<ISiteEventsGrain>(Gateway).Add([.. events.Select(happened => new SiteEventEntry(now - Ago(happened.SecondsAgo), happened.Kind, happened.Text))]);
    }

    private static TimeSpan Ago(double seconds) =>
        TimeSpan.FromSeconds(double.IsFinite(seconds) ? Math.Clamp(seconds, 0, TimeSpan.FromDays(365).TotalSeconds) : 0);
}
