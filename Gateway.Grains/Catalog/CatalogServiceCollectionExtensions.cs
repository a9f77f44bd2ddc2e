using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Gateway.Grains.Catalog;

/// <summary>Adds the catalog to a silo.</summary>
public static class CatalogServiceCollectionExtensions
{
    /// <summary>
    /// The state store's access and the catalog's grains. The host registers <see cref="IConnectionMultiplexer"/> for the
    /// state store.
    /// </summary>
    public static IServiceCollection AddCatalog(this IServiceCollection services, CatalogOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new KeySpace(options.ServiceId));
        services.AddSingleton<RedisStore>();
        services.AddSingleton<CatalogStore>();
        services.AddSingleton<RecordContent>();
        services.AddSingleton<CatalogSource>();
        services.AddSingleton(provider => new SiteLineage(provider.GetService<ILineageMemory>()));
        services.AddTransient<CatalogCommitter>();
        services.AddSingleton<ICatalogNotifier, PublicationNotifier>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, CatalogStartup>();
        return services;
    }
}
