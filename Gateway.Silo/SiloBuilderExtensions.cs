using System.Net;
using Gateway.Grains.Cluster;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Stores;
using Gateway.Hosting.Tls;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Gateway.Silo;

/// <summary>The cluster that a silo joins.</summary>
internal static class SiloBuilderExtensions
{
    private static readonly TimeSpan DefunctAfter = TimeSpan.FromHours(1);

    public static void AddCluster(this WebApplicationBuilder builder, GatewaySettings settings, IPAddress address, Func<IConnectionMultiplexer> store, ClusterCertificates? certificates)
    {
        var cluster = settings.Cluster;
        var siloPort = PortCheck.Resolve(address, settings.Silo.SiloPort);
        var gatewayPort = PortCheck.Resolve(address, settings.Silo.GatewayPort);
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
            silo.Configure<SiloOptions>(options => options.SiloName = settings.NodeName);
            silo.UseRedisClustering(options =>
            {
                options.ConfigurationOptions = StateStore.Options(settings.Redis, settings.Redis.ConnectionString!, settings.NodeName);
                options.CreateMultiplexer = _ => Task.FromResult((store(), true));
            });
            silo.Services.AddLastingMembership(store, provider =>
                provider.GetRequiredService<IOptions<RedisClusteringOptions>>().Value.CreateRedisKey(provider.GetRequiredService<IOptions<ClusterOptions>>().Value));
            silo.Configure<EndpointOptions>(options =>
            {
                (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (address, siloPort, gatewayPort);
                options.SiloListeningEndpoint = new IPEndPoint(address, siloPort);
                options.GatewayListeningEndpoint = new IPEndPoint(address, gatewayPort);
            });
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = cluster.ProbeTimeout;
                options.NumMissedProbesLimit = cluster.MissedProbes;
                options.NumVotesForDeathDeclaration = cluster.VotesForDeath;
                options.TableRefreshTimeout = cluster.TableRefreshPeriod;
                options.IAmAliveTablePublishTimeout = cluster.AlivePeriod;
                options.NumMissedTableIAmAliveLimit = 3;
                options.DefunctSiloExpiration = DefunctAfter;
            });
            if (certificates is not null)
            {
                silo.Configure<SiloConnectionOptions>(options =>
                {
                    options.ConfigureSiloInboundConnection(connections => connections.UseClusterTls(certificates, isServer: true));
                    options.ConfigureSiloOutboundConnection(connections => connections.UseClusterTls(certificates, isServer: false));
                    options.ConfigureGatewayInboundConnection(connections => connections.UseClusterTls(certificates, isServer: true));
                });
            }

            silo.Configure<SiloMessagingOptions>(options => (options.ResponseTimeout, options.ClientDropTimeout) = (cluster.ResponseTimeout, cluster.ClientDropTimeout));
            silo.Configure<ConnectionOptions>(options => (options.OpenConnectionTimeout, options.ConnectionRetryDelay) = (cluster.ConnectTimeout, cluster.ConnectRetryDelay));
        });
    }
}
