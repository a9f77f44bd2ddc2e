namespace Gateway.Contracts.Federation;

/// <summary>What a site told its hub of late; in memory. Key: the gateway that the site is.</summary>
[Alias("gw.ISiteEventsGrain")]
public interface ISiteEventsGrain : IGrainWithStringKey
{
    /// <summary>Remembers events.</summary>
    [Alias("Add")]
    Task Add(SiteEventEntry[] events);

    /// <summary>The last ones, newest first; at most <see cref="SiteEvents.Maximum"/>.</summary>
    [Alias("Latest")]
    Task<SiteEventEntry[]> Latest(CancellationToken cancellationToken);
}
