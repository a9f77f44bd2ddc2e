using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Grains.Publications;

/// <summary>Publications on a silo.</summary>
public static class PublicationServiceCollectionExtensions
{
    /// <summary>Adds the making of publications; needs the catalog's services.</summary>
    public static IServiceCollection AddPublications(this IServiceCollection services, PublicationOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPolicyTrees, PolicyTrees>();
        services.TryAddSingleton<IPublicationStore, RedisPublicationStore>();
        services.TryAddSingleton<SigningKey>();
        services.TryAddSingleton<IProgramCompiler, RoslynCompiler>();
        services.TryAddSingleton<IProgramStore, RedisProgramStore>();
        services.TryAddSingleton<ProgramImages>();
        services.TryAddSingleton<PublicationFaults>();
        services.TryAddSingleton<PublisherFactory>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PublicationStart>();
        return services;
    }
}
