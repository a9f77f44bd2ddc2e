using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A backend that behaves in every way that a test asks for by path.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private int _connections;
    private int _aborts;
    private int _requests;
    private int _failures;

    private TestBackend(bool plainHttp2)
    {
        var builder = TestServer.Builder(() => Interlocked.Increment(ref _connections), plainHttp2);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens without TLS.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where it listens with TLS.</summary>
    public string TlsUrl { get; private set; } = "";

    /// <summary>Connections taken on the plain port.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests whose client went away.</summary>
    public int Aborts => Volatile.Read(ref _aborts);

    /// <summary>Requests taken.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Released by a test to let <c>/gate</c> go on.</summary>
    public SemaphoreSlim Gate { get; } = new(0);

    /// <summary>How often <c>/flaky</c> fails before it answers.</summary>
    public int Failures { get => Volatile.Read(ref _failures); set => Volatile.Write(ref _failures, value); }

    public static async Task<TestBackend> StartAsync(bool plainHttp2 = false)
    {
        var backend = new TestBackend(plainHttp2);
        await backend._app.StartAsync();
        var addresses = TestServer.Addresses(backend._app);
        backend.Url = addresses[0].ToString().TrimEnd('/');
        backend.TlsUrl = addresses[1].ToString().TrimEnd('/');
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref _requests);
        var path = http.Request.Path.Value!;
        try
        {
            await (path switch
            {
                "/json" => Json(http),
                "/bytes" => BytesAsync(http),
                "/upload" => UploadAsync(http),
                "/events" => EventsAsync(http),
                "/socket" => SocketAsync(http),
                "/grpc" => GrpcAsync(http),
                "/hang" => Task.Delay(Timeout.Infinite, http.RequestAborted),
                "/gate" => GateAsync(http),
                "/flaky" => FlakyAsync(http),
                "/reset" => Abort(http),
                "/break" => BreakAsync(http),
                "/break-later" => BreakAsync(http, Gate),
                "/endless" => EndlessAsync(http),
                "/latin" => Latin(http),
                "/length" => Length(http),
                "/mirror" => MirrorAsync(http),
                "/redirect/self" => Redirect(http, StatusCodes.Status302Found, "/redirect/self"),
                _ when path.StartsWith("/redirect/", StringComparison.Ordinal) => Redirect(http, int.Parse(path[10..]), http.Request.Query["to"].ToString()),
                _ when path.StartsWith("/status/", StringComparison.Ordinal) => Status(http, int.Parse(path[8..])),
                _ => EchoAsync(http),
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            Interlocked.Increment(ref _aborts);
            http.Abort();
        }
    }

    /// <summary>Answers with the request line, then a line per header.</summary>
    private static Task EchoAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var lines = http.Request.Headers.SelectMany(header => header.Value, (header, value) => $"{header.Key}: {value}");
        return http.Response.WriteAsync($"{http.Request.Method} {target} {http.Request.Protocol}\n{string.Join('\n', lines)}\n");
    }

    /// <summary>Answers with the body it got, and says in a header how it came.</summary>
    private static async Task MirrorAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        http.Response.ContentType = http.Request.ContentType;
        http.Response.Headers.ContentEncoding = http.Request.Headers.ContentEncoding;
        http.Response.Headers["X-Got"] = $"{body.Length} of {http.Request.ContentLength?.ToString() ?? "?"}";
        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted);
    }

    private static Task Json(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers["X-Backend"] = "yes";
        http.Response.Headers.ETag = "\"1\"";
        return http.Response.WriteAsync("{\"from\":\"backend\"}");
    }

    private static async Task BytesAsync(HttpContext http)
    {
        var left = long.Parse(http.Request.Query["n"].ToString());
        http.Response.ContentLength = left;
        var chunk = new byte[64 * 1024];
        for (; left > 0; left -= chunk.Length)
        {
            await http.Response.Body.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), http.RequestAborted);
        }
    }

    private static async Task EndlessAsync(HttpContext http)
    {
        var chunk = new byte[16 * 1024];
        while (true)
        {
            await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        }
    }

    private static async Task UploadAsync(HttpContext http)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long length = 0;
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
        }

        await http.Response.WriteAsync($"{length} {Convert.ToHexString(hash.GetHashAndReset())}");
    }

    private async Task FlakyAsync(HttpContext http)
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers["X-Try"] = "failed";
            await http.Response.WriteAsync("try again");
            return;
        }

        await UploadAsync(http);
    }

    private async Task EventsAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: first\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Gate.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsync("data: last\n\n", http.RequestAborted);
    }

    private async Task GateAsync(HttpContext http)
    {
        await Gate.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsync("through");
    }

    private async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", _stop.Token);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, _stop.Token);
        }
    }

    /// <summary>Echoes each part of the body as it comes; what a gRPC server does to the eyes of a proxy.</summary>
    private static async Task GrpcAsync(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        var buffer = new byte[4096];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        http.Response.AppendTrailer("grpc-status", "0");
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(HttpContext http, int status, string to)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = to;
        return Task.CompletedTask;
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private static async Task BreakAsync(HttpContext http, SemaphoreSlim? gate = null)
    {
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("only the beginning", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await (gate?.WaitAsync(http.RequestAborted) ?? Task.CompletedTask);
        http.Abort();
    }

    private static Task Latin(HttpContext http)
    {
        http.Response.Headers["X-Latin"] = "caf\u00e9";
        return http.Response.WriteAsync("latin");
    }

    private static Task Length(HttpContext http)
    {
        http.Response.ContentLength = 1234;
        return Task.CompletedTask;
    }
}
