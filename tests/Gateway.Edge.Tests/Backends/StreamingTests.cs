using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Backends;

/// <summary>What must not be held back, nor kept in memory. Nothing else runs meanwhile: memory is the whole process's.</summary>
[Collection(nameof(StreamingTests))]
public sealed class StreamingTests : IAsyncLifetime
{
    private const int HundredMegabytes = 100 * 1024 * 1024;

    private TestBackend _backend = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _gateway = await TestGateway.StartAsync(new TestPublication
        {
            Apis =
            [
                TestPublication.Api("", _backend.Url) with
                {
                    Policy = PolicyXml.Outbound("<set-header name=\"X-Outbound\"><value>1</value></set-header>"),
                },
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Server_sent_event_arrives_before_the_next_one_is_made()
    {
        using var response = await _gateway.GetAsync("/events");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("data: first", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        _backend.Gate.Release();
        Assert.Equal("\ndata: last\n\n", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("1", response.Headers.GetValues("X-Outbound").Single());
    }

    [Fact]
    public async Task Large_answer_is_not_kept_in_memory()
    {
        using var warm = await _gateway.GetAsync("/bytes?n=1000000");
        await warm.Content.ReadAsByteArrayAsync();
        var growth = await PeakGrowthAsync(async () =>
        {
            using var response = await _gateway.GetAsync($"/bytes?n={HundredMegabytes}");
            var buffer = new byte[64 * 1024];
            await using var stream = await response.Content.ReadAsStreamAsync();
            long length = 0;
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                length += read;
            }

            Assert.Equal(HundredMegabytes, length);
        });

        Assert.InRange(growth, long.MinValue, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task Large_request_is_not_kept_in_memory()
    {
        var chunk = RandomNumberGenerator.GetBytes(64 * 1024);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var sent = 0; sent < HundredMegabytes; sent += chunk.Length)
        {
            hash.AppendData(chunk);
        }

        var growth = await PeakGrowthAsync(async () =>
        {
            using var response = await _gateway.SendAsync(HttpMethod.Post, "/upload", request =>
                request.Content = new StreamContent(new RepeatingStream(chunk, HundredMegabytes)));
            Assert.Equal($"{HundredMegabytes} {Convert.ToHexString(hash.GetHashAndReset())}", await response.Content.ReadAsStringAsync());
        });

        Assert.InRange(growth, long.MinValue, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task Web_socket_echoes_and_closes()
    {
        using var socket = new ClientWebSocket();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new UriBuilder(_gateway.Url) { Scheme = "ws", Path = "/socket" }.Uri, deadline.Token);
        var buffer = new byte[256];
        foreach (var text in (string[])["one", "two", "three"])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, deadline.Token);
            var received = await socket.ReceiveAsync(buffer, deadline.Token);
            Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", deadline.Token);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await Eventually.HoldsAsync(() => _gateway.LiveExchanges == 0, "the exchange of the socket ends");
    }

    /// <summary>The reference product wants the schemes of web sockets for the backends of web socket APIs.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Web_socket_reaches_a_backend_by_its_scheme(bool isChosen)
    {
        await using var backend = await TestBackend.StartAsync();
        var url = new UriBuilder(backend.Url) { Scheme = "ws" }.Uri.ToString().TrimEnd('/');
        var policy = CompiledPolicy.OfSections(inbound: isChosen ? $"<set-backend-service base-url=\"{url}\" />" : null);
        var api = TestPublication.Api("", isChosen ? "http://127.0.0.1:1" : url) with { Policy = policy.Tree };
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Programs = policy.Programs, Apis = [api] });
        using var socket = new ClientWebSocket();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await socket.ConnectAsync(new UriBuilder(gateway.Url) { Scheme = "ws", Path = "/socket" }.Uri, deadline.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", deadline.Token);
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task Web_socket_over_http2_reaches_a_backend_of_http1()
    {
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new UriBuilder(_gateway.TlsUrl) { Scheme = "wss", Path = "/socket" }.Uri, _gateway.Client, deadline.Token);
        var buffer = new byte[256];

        await socket.SendAsync(Encoding.ASCII.GetBytes("one"), WebSocketMessageType.Text, true, deadline.Token);
        var received = await socket.ReceiveAsync(buffer, deadline.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", deadline.Token);

        Assert.Equal("one", Encoding.ASCII.GetString(buffer, 0, received.Count));
        await Eventually.HoldsAsync(() => _gateway.LiveExchanges == 0, "the exchange of the socket ends");
    }

    [Fact]
    public async Task Grpc_streams_in_both_directions_and_ends_with_trailers()
    {
        await using var backend = await TestBackend.StartAsync(plainHttp2: true);
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });
        var content = new PushContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.TlsUrl, "/grpc"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.ParseAdd("trailers");

        var sending = gateway.Client.SendAsync(request, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        await content.PushAsync("ping");
        using var response = await sending;
        await using var answer = await response.Content.ReadAsStreamAsync();
        foreach (var text in (string[])["ping", "pong", "peng"])
        {
            if (text != "ping")
            {
                await content.PushAsync(text);
            }

            var buffer = new byte[4];
            await answer.ReadExactlyAsync(buffer);
            Assert.Equal(text, Encoding.ASCII.GetString(buffer));
        }

        content.Complete();
        Assert.Equal(0, await answer.ReadAsync(new byte[1]));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Many_streams_of_one_http2_connection_are_served()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.TlsUrl, "/json"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await _gateway.Client.SendAsync(request, CancellationToken.None);
            return await response.Content.ReadAsStringAsync();
        }));

        Assert.All(texts, text => Assert.Equal("{\"from\":\"backend\"}", text));
    }

    /// <summary>How much memory is held at most while the act runs; client, gateway and backend are all in it.</summary>
    private static async Task<long> PeakGrowthAsync(Func<Task> act)
    {
        var before = GC.GetTotalMemory(true);
        long peak = 0;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(true) - before);
                await Task.Delay(20);
            }
        });
        await act();
        await done.CancelAsync();
        await watching;
        return peak;
    }
}

/// <summary>Keeps the tests that measure memory for themselves.</summary>
[CollectionDefinition(nameof(StreamingTests), DisableParallelization = true)]
public sealed class StreamingCollection;
