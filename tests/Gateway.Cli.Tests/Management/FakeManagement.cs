using System.Net;
using System.Text.Json.Nodes;
using Gateway.Cli.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Cli.Tests.Management;

/// <summary>A management API that answers as it is told and keeps what it was asked.</summary>
internal sealed class FakeManagement : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private FakeManagement(WebApplication app, string url)
    {
        _app = app;
        Url = url;
    }

    public string Url { get; }

    /// <summary>How many calls it answers with 503 before it answers as it is told.</summary>
    public int Busy { get; set; }

    /// <summary>What it answers to every call but the first; null for the same.</summary>
    public (int Status, string Answer)? Afterwards { get; set; }

    public string? Path { get; private set; }

    public string? Authorization { get; private set; }

    public JsonObject? Body { get; private set; }

    public static async Task<FakeManagement> StartAsync(int status, string answer, string? ignored = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = new Ports(new Random()).Free(IPAddress.Loopback);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var fake = new FakeManagement(app, $"http://127.0.0.1:{port}");
        app.Run(async context =>
        {
            fake.Path = $"{context.Request.Path}{context.Request.QueryString}";
            fake.Authorization = context.Request.Headers.Authorization;
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            fake.Body = body.Length == 0 ? null : JsonNode.Parse(body)!.AsObject();
            var (code, text) = fake._calls++ > 0 && fake.Afterwards is { } after ? after : (status, answer);
            context.Response.StatusCode = fake.Busy-- > 0 ? StatusCodes.Status503ServiceUnavailable : code;
            if (ignored is not null)
            {
                context.Response.Headers["x-gateway-ignored"] = ignored;
            }

            await context.Response.WriteAsync(text);
        });
        await app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
