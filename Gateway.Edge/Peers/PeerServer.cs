using Gateway.Contracts.Publications;
using Gateway.Hosting.Running;
using Gateway.Hosting.Tls;

namespace Gateway.Edge.Peers;

/// <summary>
/// Gives the publication in force to edges of the same site. A small host of its own, so that the gateway's listeners know nothing of it; it is there before anything
/// is in force, and says so.
/// </summary>
internal sealed class PeerServer(PeerOptions options, PeerShelf shelf, ClusterCertificates certificates, IConfiguration configuration) : IHostedService, IAsyncDisposable
{
    /// <summary>Answers with the signed manifest.</summary>
    public const string ManifestPath = "/peer/v1/publication";

    /// <summary>Answers with a sealed body by its name.</summary>
    public const string ChunkPath = "/peer/v1/chunks/";

    private const int MostConnections = 64;

    private WebApplication? _app;

    /// <summary>Where it listens, with the port that the system chose when 0 was asked for.</summary>
    public Uri Address => ListenAddresses.Reachable(_app!.Urls.First());

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Gateway.Peers" });
        HostLogging.Add(builder.Logging, configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            ListenAddresses.Listen(kestrel, options.BindAddress, options.Port!.Value, listen => listen.UseClusterTls(certificates, isServer: true));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.MapGet(ManifestPath, context => AnswerAsync(context, shelf.Signed is { } signed ? SignedManifestFormat.Write(signed) : null));
        _app.MapGet(ChunkPath + "{name}", context => AnswerAsync(context, shelf.Body((string)context.Request.RouteValues["name"]!)));
        await _app.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task AnswerAsync(HttpContext context, byte[]? body)
    {
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
