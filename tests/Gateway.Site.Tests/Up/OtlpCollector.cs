using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Site.Tests.Up;

/// <summary>Takes OTLP over gRPC, as a collector does, and keeps what each signal's messages held.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const string Service = "/opentelemetry.proto.collector.";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, string Text)> _received = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new OtlpCollector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>True when a message of that signal held this text: names are plain UTF-8 in protobuf.</summary>
    public bool Got(string signal, string text) => _received.Any(message => message.Signal == signal && message.Text.Contains(text, StringComparison.Ordinal));

    public override string ToString() => string.Join(", ", _received.GroupBy(message => message.Signal).Select(group => $"{group.Count()} messages of {group.Key}"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var path = http.Request.Path.Value!;
        Assert.StartsWith(Service, path, StringComparison.Ordinal);
        _received.Enqueue((path[Service.Length..].Split('.')[0], Encoding.UTF8.GetString(body.ToArray())));

        // An empty message, and the status after it.
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
