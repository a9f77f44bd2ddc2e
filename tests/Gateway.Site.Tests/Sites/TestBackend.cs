using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Site.Tests.Sites;

/// <summary>Says hello.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Admission> _admissions = new();

    private TestBackend(WebApplication app, int port)
    {
        _app = app;
        Port = port;
        app.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>The tokens that let requests pass, as edges say.</summary>
    public IReadOnlyCollection<Admission> Admissions => _admissions;

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

    private Task AnswerAsync(HttpContext context)
    {
        foreach (var stamp in context.Request.Headers["X-Gateway-Admission"].ToString().Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            _admissions.Enqueue(Admission.Parse(stamp, context.Connection.RemoteIpAddress, context.Request.Path));
        }

        return context.Response.WriteAsync("hello");
    }
}
