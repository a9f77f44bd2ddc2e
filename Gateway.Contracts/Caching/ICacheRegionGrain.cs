using Gateway.Contracts.Results;

namespace Gateway.Contracts.Caching;

/// <summary>
/// What the edges of a site agree on about one cache: what of it is purged, and who makes what is missing. Key: <see cref="Internal"/>, or the id of a <c>caches</c> resource. Lives without the cache's store.
/// </summary>
[Alias("gw.ICacheRegionGrain")]
public interface ICacheRegionGrain : IGrainWithStringKey
{
    /// <summary>The gateway's own cache.</summary>
    const string Internal = "internal";

    /// <summary>Ends all entries that were begun before now and are within a scope.</summary>
    /// <returns>The epoch of this purge: what is begun later has it, or a later one.</returns>
    [Alias("Purge"), ResponseTimeout("00:00:10")]
    Task<Result<long>> Purge(CacheScope scope, CancellationToken cancellationToken);

    /// <summary>
    /// The long poll of an edge: answers at once when something was purged that the edge does not know, else when something is, else after the wait with null. Each
    /// answer confirms what the edge knows.
    /// </summary>
    /// <param name="known">The epoch that the edge knows; 0 for none.</param>
    /// <param name="wait">How long; at most two seconds.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    [Alias("Next"), ResponseTimeout("00:00:05")]
    Task<CacheEpochs?> Next(long known, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Agrees on who makes missing entries, one edge each: what an edge is to make is its own for two seconds after it last said that it makes it. Not remembered: whoever begins anew
    /// learns from the next calls who makes what.
    /// </summary>
    /// <param name="call">What the edge has to say.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>A word for each entry that is wanted, in their order.</returns>
    [Alias("Elect"), ResponseTimeout("00:00:02")]
    Task<RefillWord[]> Elect(RefillCall call, CancellationToken cancellationToken);

    /// <summary>An edge tells every few seconds what its requests look for most. Counts for 15 seconds; a lost call costs nothing else.</summary>
    [Alias("Report"), OneWay]
    Task Report(CacheUse use);

    /// <summary>The responses that the requests of all edges look for most, the most wanted first.</summary>
    /// <param name="most">How many, 1 to <see cref="CacheUse.MaximumResponses"/>.</param>
    /// <param name="cancellationToken">Not used.</param>
    [Alias("Hottest"), ResponseTimeout("00:00:05")]
    Task<HotResponse[]> Hottest(int most, CancellationToken cancellationToken);
}
