namespace Gateway.Contracts.Caching;

/// <summary>An edge as caches see it.</summary>
[Alias("gw.ICacheEdge")]
public interface ICacheEdge : IGrainObserver
{
    /// <summary>
    /// Others that made entries which this edge waits for are through with them: they are in the cache's store, or have to be made by another. A lost call costs waiting until the
    /// edge asks again.
    /// </summary>
    /// <param name="cache">The key of the <see cref="ICacheRegionGrain"/>.</param>
    /// <param name="entries">The entries.</param>
    [Alias("RefillsEnded"), OneWay]
    Task RefillsEnded(string cache, UInt128[] entries);
}
