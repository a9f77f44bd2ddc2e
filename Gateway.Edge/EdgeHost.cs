using Gateway.Edge.Silos;
using Gateway.Hosting.Data;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Edge;

/// <summary>Wires an edge: the connection to the silos, the feed of publications and the data plane.</summary>
public static class EdgeHost
{
    // The rest of the stop after requests have drained: good-bye to the site, closing connections.
    private static readonly TimeSpan StopReserve = TimeSpan.FromSeconds(5);

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
        ]);

        var builder = NodeApplication.CreateBuilder(settings, environment);
        using var logging = LoggerFactory.Create(logging => HostLogging.Add(logging, environment.Configuration));
        var logger = logging.CreateLogger(typeof(EdgeHost).FullName!);
        var key = SecretFiles.PublicationKey(settings, environment.Data, environment.AllInOne, logger);
        var certificate = ServerCertificates.Load(settings.Tls, environment.Data, environment.Time);

        builder.Services.AddSingleton(key);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ServicesStartConcurrently = true;
            host.ShutdownTimeout = edge.DrainDelay + edge.DrainTimeout + StopReserve;
        });
        builder.Services.AddSiloConnection(settings);
        builder.Services.AddHostedService<NodeReporter>();
        builder.Services.AddHostedService<EdgeDrain>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            ListenAddresses.Listen(kestrel, edge.BindAddress, edge.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            ListenAddresses.Listen(kestrel, edge.BindAddress, edge.HttpsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseCertificate(certificate);
            });
        });
        return Task.FromResult(builder.Build());
    }
}
