using Gateway.Contracts.Counters;
using Gateway.Edge.Counters;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the edge's side of shared counters.</summary>
internal static class CounterServiceCollectionExtensions
{
    /// <summary>Adds it. The host adds the cluster client.</summary>
    public static IServiceCollection AddCounters(this IServiceCollection services, CounterOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<CounterClock>();
        services.AddSingleton<SiloContact>();
        services.AddSingleton<CounterSite>();
        services.AddSingleton<LimitTable>();
        services.AddSingleton<CounterEdge>();
        services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<SiloContact>());
        services.TryAddSingleton<PartitionSource>(provider =>
            partition => provider.GetRequiredService<IClusterClient>().GetGrain<ICounterPartitionGrain>(partition));
        services.TryAddSingleton<EdgeReference>(provider =>
        {
            var reference = new Lazy<ICounterEdge>(
                () => provider.GetRequiredService<IClusterClient>().CreateObjectReference<ICounterEdge>(provider.GetRequiredService<CounterEdge>()),
                LazyThreadSafetyMode.PublicationOnly);
            return () => reference.Value;
        });
        services.AddHostedService<CounterService>();
        return services;
    }
}
