using Gateway.Grains.Caching;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to a silo what the edges of a site agree on about caches.</summary>
public static class CachingServiceCollectionExtensions
{
    /// <summary>What regions of caches need; the catalog's services bring the state store.</summary>
    public static IServiceCollection AddCaching(this IServiceCollection services) => services.AddSingleton<RegionStore>();
}
