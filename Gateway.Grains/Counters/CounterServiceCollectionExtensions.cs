using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Placement;
using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Counters.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Grains.Counters;

/// <summary>Adds the counters behind limits to a silo.</summary>
public static class CounterServiceCollectionExtensions
{
    /// <summary>What the partitions of counters need; the catalog's services bring the state store.</summary>
    public static IServiceCollection AddCounters(this IServiceCollection services, CounterOptions options)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<MonotonicTime>();
        services.AddSingleton<CounterTelemetry>();
        services.AddSingleton<PartitionRegistry>();
        services.AddSingleton<PartitionStore>();
        services.AddSingleton<RedisQuotaStore>();
        services.AddSingleton<IQuotaStore>(provider => provider.GetRequiredService<RedisQuotaStore>());
        services.AddSingleton<EdgeDirectory>();
        services.AddSingleton<SiloLease>();
        services.AddSingleton<HoldingServices>();
        services.AddSingleton<PartitionViews>();
        services.AddSingleton<StoreDurabilityReader>();
        services.AddSingleton<SiloLimitsReader>();
        services.AddSingleton<SiloLimitsClient>();
        services.AddSingleton<EdgeNames>();
        services.AddGrainService<SiloLimitsService>();
        services.AddPlacementDirector<CounterPlacement, CounterPlacementDirector>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PartitionBalancer>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloLease>());
        return services;
    }
}
