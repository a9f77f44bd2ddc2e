using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Site.Tests.Sites;

/// <summary>Says hello: at once, or after as many milliseconds as the query's <c>hold</c> says; <c>by</c> names those that are counted together.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Admission> _admissions = new();
    private readonly ConcurrentDictionary<string, HeldRequests> _held = new();

    private TestBackend(WebApplication app, int port)
    {
        _app = app;
        Port = port;
        app.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>The tokens that let requests pass, as edges say.</summary>
    public IReadOnlyCollection<Admission> Admissions => _admissions;

    /// <summary>The requests of a name that are kept.</summary>
    public HeldRequests Held(string by) => _held.GetOrAdd(by, _ => new());

    public static async Task<TestBackend> StartAsync(int port, IPAddress? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, port));
        var backend = new TestBackend(builder.Build(), port);
        await backend._app.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        foreach (var stamp in context.Request.Headers["X-Gateway-Admission"].ToString().Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            _admissions.Enqueue(Admission.Parse(stamp, context.Connection.RemoteIpAddress, context.Request.Path));
        }

        if (int.TryParse(context.Request.Query["hold"], out var milliseconds))
        {
            await Held(context.Request.Query["by"].ToString()).HoldAsync(TimeSpan.FromMilliseconds(milliseconds), context.RequestAborted);
        }

        await context.Response.WriteAsync("hello");
    }
}
