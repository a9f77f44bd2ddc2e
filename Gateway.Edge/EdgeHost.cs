using Gateway.Contracts.Caching;
using Gateway.Edge.Caching;
using Gateway.Edge.Counters;
using Gateway.Edge.Identity;
using Gateway.Edge.Nodes;
using Gateway.Edge.Peers;
using Gateway.Edge.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Silos;
using Gateway.Hosting.Data;
using Gateway.Hosting.Expiry;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Edge;

/// <summary>Wires an edge: the connection to the silos, the feed of publications and the data plane.</summary>
public static class EdgeHost
{
    /// <summary>Checks ports and keys, and builds the host; nothing listens yet. No silo needs to be there.</summary>
    /// <exception cref="ExitException">Something stands in the way; its code is the process's exit code.</exception>
    public static Task<WebApplication> BuildAsync(GatewaySettings settings, NodeEnvironment environment, CancellationToken cancellationToken)
    {
        var edge = settings.Edge;
        if (edge.Silos.Length == 0 && settings.Redis.ConnectionString is null && !SavedSilos.Exist(environment.Data))
        {
            throw new ExitException(ExitCodes.Setting, "Gateway:Edge:Silos must be set on an edge, such as silo-1:30000,silo-2:30000, or else Gateway:Redis:ConnectionString.");
        }

        PortCheck.Check(
        [
            new PortUse("Gateway:Edge:HttpPort", ListenAddresses.Address(edge.BindAddress), edge.HttpPort),
            new PortUse("Gateway:Edge:HttpsPort", ListenAddresses.Address(edge.BindAddress), edge.HttpsPort),
            new PortUse("Gateway:Edge:PeerPort", ListenAddresses.Address(edge.BindAddress), edge.PeerPort ?? 0),
        ]);

        var builder = NodeApplication.CreateBuilder(settings, environment);
        using var logging = LoggerFactory.Create(logging => HostLogging.Add(logging, environment.Configuration));
        var logger = logging.CreateLogger(typeof(EdgeHost).FullName!);
        var key = SecretFiles.PublicationKey(settings, environment.Data, environment.AllInOne, logger);
        var certificate = ServerCertificates.Load(settings.Tls, environment.Data, environment.Time);
        var cluster = ClusterCertificates.Load(settings.ClusterTls, environment.Time, logger);

        builder.Services.AddSiloConnection(settings, cluster);
        builder.Services.AddExpiryWatch(certificate, cluster);
        builder.Services.AddHostedService<NodeReporter>();
        builder.Services.AddGatewayEdge(new EdgeOptions
        {
            AccessLog = settings.AccessLog,
            Counters = CounterOptions.From(settings),
            GatewayId = settings.GatewayId,
            ServiceId = settings.ServiceId,
            NodeName = settings.NodeName,
            ExpressionBodyLimit = settings.Expressions.BodyMegabytes << 20,
            Expressions = new()
            {
                Time = settings.Expressions.Time,
                AllocatedBytes = (long)settings.Expressions.MemoryMegabytes << 20,
                Steps = settings.Expressions.Steps,
                MatchTime = settings.Expressions.MatchTime,
            },
            EntraAuthority = edge.EntraAuthority,
            ValidatedTokenLimit = edge.ValidatedTokens,
            Cache = CacheOptions.From(settings.Cache),
            LogFolder = environment.Data.In("logs"),
            Identity = IdentityOptions.From(settings.Identity),
            DrainDelay = edge.DrainDelay,
            DrainTimeout = edge.DrainTimeout,
        });
        builder.Services.AddPeers(PeerOptions.From(edge), cluster);
        builder.Services.AddSingleton<RegionSource>(provider => cache => provider.GetRequiredService<IClusterClient>().GetGrain<ICacheRegionGrain>(cache));
        builder.Services.AddSingleton(provider => new CacheEdge(edge => provider.GetRequiredService<IClusterClient>().CreateObjectReference<ICacheEdge>(edge)));
        builder.Services.AddPublicationFeed(PublicationFeedOptions.From(settings, environment.Data), key);
        builder.Services.AddSingleton<INodeStatusSource, EdgeTraffic>();
        builder.WebHost.UseInlineSockets(settings, environment);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            ListenAddresses.Listen(kestrel, edge.BindAddress, edge.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            ListenAddresses.Listen(kestrel, edge.BindAddress, edge.HttpsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseCertificate(certificate, edge.ClientCertificates);
            });
        });
        var app = builder.Build();
        app.MapGateway();
        return Task.FromResult(app);
    }
}
