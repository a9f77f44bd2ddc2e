using Gateway.Edge.Silos;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Stores;
using Gateway.Hosting.Tls;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the connection of an edge to its silos.</summary>
internal static class SiloConnectionServiceCollectionExtensions
{
    /// <summary>An Orleans client that starts in the background, however long no silo answers, and finds its silos by <see cref="SiloList"/>.</summary>
    public static IServiceCollection AddSiloConnection(this IServiceCollection services, GatewaySettings settings, ClusterCertificates? certificates = null)
    {
        var before = services.Count;
        services.AddOrleansClient(client => Configure(client, settings, certificates));
        StartInBackground(services, before);

        var clusterList = services.LastOrDefault(service => service.ServiceType == typeof(IGatewayListProvider));
        if (clusterList is not null)
        {
            services.Remove(clusterList);
        }

        services.AddSingleton(provider => new ActiveSilos(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<NodeEnvironment>().Time,
            settings.Cluster.SiloListPeriod,
            provider.GetRequiredService<ILogger<ActiveSilos>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ActiveSilos>());
        services.AddSingleton<IGatewayListProvider>(provider => new SiloList(
            settings,
            provider.GetRequiredService<NodeEnvironment>(),
            clusterList is null ? null : (IGatewayListProvider)ActivatorUtilities.CreateInstance(provider, clusterList.ImplementationType!),
            () => provider.GetRequiredService<ActiveSilos>().Current,
            provider.GetRequiredService<ILogger<SiloList>>()));
        return services;
    }

    private static void Configure(IClientBuilder client, GatewaySettings settings, ClusterCertificates? certificates)
    {
        var cluster = settings.Cluster;
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = cluster.SiloListPeriod);
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.ResponseTimeout);
        client.Configure<ConnectionOptions>(options =>
            (options.OpenConnectionTimeout, options.ConnectionRetryDelay) = (cluster.ConnectTimeout, cluster.ConnectRetryDelay));

        // Also how long it takes until a client that could not ask a silo for its grains asks again.
        client.Configure<TypeManagementOptions>(options => options.TypeMapRefreshInterval = cluster.SiloListPeriod);
        if (certificates is not null)
        {
            client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connections => connections.UseClusterTls(certificates, isServer: false)));
        }

        client.UseConnectionRetryFilter(async (_, cancellationToken) =>
        {
            await Task.Delay(cluster.ConnectRetryDelay, cancellationToken);
            return true;
        });
        if (settings.Redis.ConnectionString is { } connectionString)
        {
            client.UseRedisClustering(options => options.ConfigurationOptions = StateStore.Options(settings.Redis, connectionString, settings.NodeName));
        }
    }

    // The client's start waits for a silo. Run as a service of the host it would keep the host from being started, and a failure
    // of another service, such as a port in use, from being seen.
    private static void StartInBackground(IServiceCollection services, int before)
    {
        var starts = services.Skip(before).Where(service => service.ServiceType == typeof(IHostedService)).ToArray();
        foreach (var start in starts)
        {
            services.Remove(start);
        }

        services.AddSingleton<FirstContact>();
        services.AddSingleton<IHostedService>(provider => new SiloConnection(
            [.. starts.Select(start => Create(provider, start))],
            provider.GetRequiredService<NodeEnvironment>().Silo,
            provider.GetRequiredService<FirstContact>(),
            provider.GetRequiredService<ILogger<SiloConnection>>()));
    }

    private static IHostedService Create(IServiceProvider provider, ServiceDescriptor start) =>
        (IHostedService)(start.ImplementationInstance
            ?? start.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, start.ImplementationType!));
}
