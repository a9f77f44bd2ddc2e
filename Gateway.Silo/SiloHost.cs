using System.Net;
using Gateway.Grains.Catalog;
using Gateway.Grains.Counters;
using Gateway.Grains.Federation;
using Gateway.Grains.Nodes;
using Gateway.Grains.Publications;
using Gateway.Hosting.Data;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Expiry;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Stores;
using Gateway.Hosting.Tls;
using Gateway.Management;
using Gateway.Management.Federation;
using Gateway.Silo.Federation;
using StackExchange.Redis;

namespace Gateway.Silo;

/// <summary>Wires a silo: the state store, the cluster, the grains and the management API.</summary>
public static class SiloHost
{
    // A change set of 64 MB, and what surrounds it.
    private const long MaxBodySize = (64 << 20) + 4096;

    /// <summary>Checks ports, store and keys, and builds the host; nothing listens yet.</summary>
    /// <exception cref="ExitException">Something stands in the way; its code is the process's exit code.</exception>
    public static async Task<WebApplication> BuildAsync(GatewaySettings settings, NodeEnvironment environment, CancellationToken cancellationToken)
    {
        if (settings.Counters.LeasePeriod * 3 > settings.Counters.LeaseLife)
        {
            throw new ExitException(ExitCodes.Setting, "Gateway:Counters:LeasePeriod must be at most a third of Gateway:Counters:LeaseLife.");
        }

        var address = settings.Silo.Address is { } given ? IPAddress.Parse(given) : MachineAddress.FirstIPv4();
        PortCheck.Check(
        [
            new PortUse("Gateway:Silo:SiloPort", address, settings.Silo.SiloPort),
            new PortUse("Gateway:Silo:GatewayPort", address, settings.Silo.GatewayPort),
            new PortUse("Gateway:Management:HttpPort", ListenAddresses.Address(settings.Management.BindAddress), settings.Management.HttpPort),
            new PortUse("Gateway:Management:HttpsPort", ListenAddresses.Address(settings.Management.HttpsBindAddress), settings.Management.HttpsPort),
        ]);

        var builder = NodeApplication.CreateBuilder(settings, environment);
        using var logging = LoggerFactory.Create(logging => HostLogging.Add(logging, environment.Configuration));
        var logger = logging.CreateLogger(typeof(SiloHost).FullName!);
        var siteKey = SecretFiles.SiteKey(settings, environment.Data, logger);
        var adminToken = SecretFiles.AdminToken(settings, environment.Data, logger);
        var upstream = UpstreamSetup.From(settings);
        var certificate = ServerCertificates.Load(settings.Tls, environment.Data, environment.Time);
        var cluster = ClusterCertificates.Load(settings.ClusterTls, environment.Time, logger);

        // All else is wired while the store is waited for.
        IConnectionMultiplexer? store = null;
        var connecting = ConnectAsync();
        builder.Services.AddSingleton(_ => store!);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Silo.StopTimeout);
        builder.AddCluster(settings, address, () => store!, cluster);
        builder.Services.AddSingleton<ILineageMemory>(new LineageFile(environment.Data));
        builder.Services.AddCatalog(new CatalogOptions { ServiceId = settings.ServiceId, SiteKey = siteKey });
        builder.Services.AddPublications(new PublicationOptions
        {
            ServiceName = settings.ServiceName,
            CatalogCheckPeriod = settings.Publications.CatalogCheckPeriod,
            SigningKeyGeneration = settings.Trust.SigningKeyGeneration,
        });
        builder.Services.AddCompilerWarmUp();
        if (upstream is not null)
        {
            builder.Services.AddUpstream(upstream);
            builder.Services.AddSingleton<UpstreamWatch>();
            builder.Services.AddSingleton<IReadinessSource>(services => services.GetRequiredService<UpstreamWatch>());
            builder.Services.AddSingleton<INodeStatusSource>(services => services.GetRequiredService<UpstreamWatch>());
            builder.Services.AddSingleton<IExpirySource>(services => services.GetRequiredService<UpstreamWatch>());
            builder.Services.AddHostedService(services => services.GetRequiredService<UpstreamWatch>());
        }

        builder.Services.AddNodes(new NodeOptions
        {
            HeartbeatPeriod = settings.Nodes.HeartbeatPeriod,
            StaleAfter = settings.Nodes.StaleAfter,
            GoneAfter = settings.Nodes.GoneAfter,
            ForgetAfter = settings.Nodes.ForgetAfter,
            Time = environment.Time,
        });
        builder.Services.AddCounters(new CounterOptions
        {
            MaxPerPartition = settings.Counters.MaxPerPartition,
            LeaseLife = settings.Counters.LeaseLife,
            LeasePeriod = settings.Counters.LeasePeriod,
        });
        builder.Services.AddCaching();
        builder.Services.AddManagement(new ManagementOptions { ServiceName = settings.ServiceName, AdminToken = adminToken, Hub = settings.Upstream.Endpoint });
        builder.Services.AddRouting();
        builder.Services.AddSingleton<INodeStatusSource, SiloPublications>();
        builder.Services.AddExpiryWatch(certificate, cluster);
        builder.Services.AddHostedService<NodeReporter>();
        builder.Services.AddSingleton<IReadinessSource, SiloReadiness>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            ListenAddresses.Listen(kestrel, settings.Management.BindAddress, settings.Management.HttpPort);
            ListenAddresses.Listen(kestrel, settings.Management.HttpsBindAddress, settings.Management.HttpsPort, listen => listen.UseCertificate(certificate));
        });
        var app = builder.Build();
        try
        {
            store = await connecting;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        app.MapFederation();
        app.MapManagement();
        return app;

        async Task<IConnectionMultiplexer> ConnectAsync()
        {
            await environment.Store;
            return await StateStore.ConnectAsync(settings, logger, cancellationToken);
        }
    }
}
