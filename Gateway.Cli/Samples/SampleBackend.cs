using System.Net;

namespace Gateway.Cli.Samples;

/// <summary>The backend of the sample API: three pets, on a loopback port, keeping nothing.</summary>
internal sealed class SampleBackend : IAsyncDisposable
{
    private const int MaximumBody = 64 * 1024;

    private static readonly string[] _pets =
    [
        """{"id":1,"name":"Ada","kind":"cat"}""",
        """{"id":2,"name":"Grace","kind":"dog"}""",
        """{"id":3,"name":"Linus","kind":"penguin"}""",
    ];

    private readonly WebApplication _app;

    private SampleBackend(WebApplication app) => _app = app;

    /// <summary>Listens on a free loopback port.</summary>
    public static async Task<SampleBackend> StartAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaximumBody;
            options.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken);
        return new SampleBackend(app);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path == "/pets")
        {
            return request.Method switch
            {
                "GET" => WriteAsync(context, 200, $"[{string.Join(',', _pets.Take(Limit(request.Query["limit"])))}]"),
                "POST" => EchoAsync(context),
                _ => WriteAsync(context, 405, """{"error":"GET or POST"}"""),
            };
        }

        return request.Path.StartsWithSegments("/pets", out var rest)
            && int.TryParse(rest.Value.AsSpan().TrimStart('/'), out var id) && id >= 1 && id <= _pets.Length
            ? WriteAsync(context, 200, _pets[id - 1])
            : WriteAsync(context, 404, """{"error":"no such pet"}""");
    }

    private static int Limit(string? text) => int.TryParse(text, out var limit) && limit > 0 ? limit : _pets.Length;

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.StatusCode = 201;
        context.Response.ContentType = context.Request.ContentType;
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    // Signals are the command's to handle, not this small host's.
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
