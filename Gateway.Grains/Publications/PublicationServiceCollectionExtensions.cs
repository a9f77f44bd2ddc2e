using Gateway.Grains.Backups;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
        services.AddMetrics();
        services.TryAddSingleton<PublicationTelemetry>();
        services.TryAddSingleton<PublisherFactory>();
        services.AddSingleton<BackupCodec>();
        services.AddSingleton<CatalogRestore>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PublicationStart>();
        return services;
    }

    /// <summary>Compiles a first document when the silo has nothing else to do; for hosts whose operators wait for the first one otherwise.</summary>
    public static IServiceCollection AddCompilerWarmUp(this IServiceCollection services) => services.AddHostedService(provider => CompilerWarmUp.Create(
        provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CompilerWarmUp>>()));
}
