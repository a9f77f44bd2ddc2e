using System.Text.Json.Serialization;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Diagnostics;

/// <summary>
/// The one listener of a process for <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>, whatever roles run in it. It is a small host of its
/// own: it answers before the roles have started and while they drain, and it holds the process's telemetry.
/// </summary>
public sealed class DiagnosticsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DiagnosticsServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that the system chose when 0 was asked for.</summary>
    public Uri Address => ListenAddresses.Reachable(_app.Urls.First());

    /// <summary>Starts listening.</summary>
    /// <param name="settings">The settings of the process.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="nodes">The nodes of this process by the name shown in front of their reasons; ready is who is ready in all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DiagnosticsServer> StartAsync(
        GatewaySettings settings, int port, IReadOnlyDictionary<string, Readiness> nodes, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Gateway.Diagnostics" });
        HostLogging.Add(builder.Logging, null);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 256;
            ListenAddresses.Listen(kestrel, settings.Diagnostics.BindAddress, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoLifetime>();
        builder.Services.AddGatewayTelemetry(settings);

        var app = builder.Build();
        app.MapGet("/healthz", context => Answer(context, StatusCodes.Status200OK, new HealthAnswer("healthy")));
        app.MapGet("/readyz", context =>
        {
            var reasons = Named(nodes, node => node.Reasons());
            var remarks = Named(nodes, node => node.Remarks());
            var status = reasons.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return Answer(context, status, new ReadyAnswer(reasons.Length == 0 ? "ready" : "not ready", reasons, remarks.Length == 0 ? null : remarks));
        });
        app.MapPrometheusScrapingEndpoint("/metrics");
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new DiagnosticsServer(app);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string[] Named(IReadOnlyDictionary<string, Readiness> nodes, Func<Readiness, string[]> sentences) =>
        [.. nodes.SelectMany(node => sentences(node.Value).Select(sentence => $"{node.Key}: {sentence}"))];

    private static Task Answer<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, DiagnosticsJson.Default.Options, "application/json", context.RequestAborted);
    }
}

internal sealed record HealthAnswer(string Status);

internal sealed record ReadyAnswer(string Status, string[] Reasons, string[]? Remarks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
internal sealed partial class DiagnosticsJson : JsonSerializerContext;
