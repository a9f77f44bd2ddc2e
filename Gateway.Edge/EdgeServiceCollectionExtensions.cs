using System.Text;
using Gateway.Edge.AccessLog;
using Gateway.Edge.Backends;
using Gateway.Edge.Caching;
using Gateway.Edge.Callers;
using Gateway.Edge.Calls;
using Gateway.Edge.Certificates;
using Gateway.Edge.Identity;
using Gateway.Edge.Loggers;
using Gateway.Edge.Models;
using Gateway.Edge.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;
using Gateway.Hosting.Diagnostics;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Edge;

/// <summary>Puts the request path into a host.</summary>
public static class EdgeServiceCollectionExtensions
{
    /// <summary>What else stops after the requests in flight have ended.</summary>
    private static readonly TimeSpan StopReserve = TimeSpan.FromSeconds(5);

    /// <summary>Adds the request path, and sets the web server up for it. The host says where it listens.</summary>
    public static IServiceCollection AddGatewayEdge(this IServiceCollection services, EdgeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Readiness>();
        services.AddSingleton(options);
        services.AddSingleton<DrainState>();
        services.AddSingleton<EdgeStatistics>();
        services.AddSingleton<PublicationHolder>();
        services.AddSingleton<IPublicationSink>(provider => provider.GetRequiredService<PublicationHolder>());
        services.AddSingleton<LiveExchanges>();
        services.AddSingleton<LoopGuard>();
        services.AddSingleton<BackendConnector>();
        services.AddSingleton<BackendInvokers>();
        services.AddSingleton<BackendForwarder>();
        services.AddSingleton(options.Identity);
        services.AddSingleton<TokenClient>();
        services.AddSingleton<TokenSource>();
        services.AddSingleton<CallSender>();
        services.AddSingleton<OneWayCalls>();
        services.AddSingleton(options.Cache);
        services.AddSingleton<CacheMemory>();
        services.AddSingleton<CacheLayers>();
        services.AddSingleton<IValueCache, ValueCache>();
        services.AddSingleton<IResponseCache, ResponseCache>();
        services.AddSingleton<IRefills, Refills>();
        services.AddSingleton<PolicyTraces>();
        services.AddSingleton<PolicyMetrics>();
        services.AddSingleton<GivenCertificates>();
        services.AddSingleton<LogPost>();
        services.AddSingleton<ILogSink, FileLogSink>();
        services.AddSingleton<ILogSink, HttpLogSink>();
        services.AddSingleton<ILogSink, OtlpLogSink>();
        services.AddSingleton<LogQueue>();
        services.AddSingleton<PolicyServices>();
        services.AddSingleton(new AccessLogQueue(options.AccessLog));
        services.AddSingleton<RequestObserver>();
        services.AddSingleton<GatewayRequestHandler>();
        services.AddCounters(options.Counters);
        services.AddTokens();
        services.AddHttpForwarder();
        services.AddHostedService<DrainService>();
        services.AddHostedService<AccessLogWriter>();
        services.AddHostedService<LogWriter>();
        services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.DrainDelay + options.DrainTimeout + StopReserve);
        services.Configure<KestrelServerOptions>(SetUpServer);
        services.Configure<LoggerFilterOptions>(Quieten);
        return services;
    }

    /// <summary>Ends the application's pipeline with the gateway: every request that comes here is the gateway's.</summary>
    public static void MapGateway(this IApplicationBuilder app)
    {
        var handler = app.ApplicationServices.GetRequiredService<GatewayRequestHandler>();
        app.Run(handler.HandleAsync);
    }

    private static void SetUpServer(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = null;
        // Header values pass as the bytes they are, both ways.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        // For the listeners that are added behind this.
        server.ConfigureEndpointDefaults(FirstKey.Use);
    }

    /// <summary>
    /// The server's and the forwarder's own records of each request cost more than the request: the access log and our
    /// telemetry stand in for them.
    /// </summary>
    private static void Quieten(LoggerFilterOptions logging)
    {
        foreach (var category in (string[])["Microsoft.AspNetCore.Hosting.Diagnostics", typeof(IHttpForwarder).Namespace!])
        {
            logging.Rules.Add(new LoggerFilterRule(null, category, LogLevel.None, null));
        }
    }
}
