using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Federation;

/// <summary>What a hub does for one site, on the silo that the site called. Key: the gateway that the site is.</summary>
[Alias("gw.IFederationGrain")]
public interface IFederationGrain : IGrainWithStringKey
{
    /// <summary>The signed manifest of the publication in force, when it is another than the site has; else, after the wait, null.</summary>
    /// <param name="site">The name of the asking silo.</param>
    /// <param name="running">What the site has; null for nothing.</param>
    /// <param name="wait">How long to wait for another; at most 4 s.</param>
    /// <param name="cancellationToken">Ends when the site hung up.</param>
    [Alias("Next"), ResponseTimeout("00:00:08")]
    Task<SignedManifest?> Next(string site, PublicationId? running, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>The packed (brotli) content of a page or chunk; null when no kept publication names it.</summary>
    [Alias("GetChunk"), ResponseTimeout("00:00:30")]
    Task<byte[]?> GetChunk(string name, CancellationToken cancellationToken);

    /// <summary>Takes what the site says of its nodes.</summary>
    [Alias("Report")]
    Task Report(SiteHeartbeat heartbeat);

    /// <summary>Takes what the site says that happened.</summary>
    [Alias("Tell")]
    Task Tell(SiteEvent[] events);
}
