using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Gateway.Testing;
using Gateway.Testing.Stores;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Caching;

/// <summary>What many edges that share a store miss at the same time.</summary>
public sealed class SiteRefillTests(SiteRefillTests.Store store) : IClassFixture<SiteRefillTests.Store>, IAsyncLifetime
{
    private const string Value = """
        <cache-value key="k" variable-name="v" expires-after="60" refresh-after="1"><value><send-request response-variable-name="r"><set-url>{origin}/v</set-url></send-request>
        <set-variable name="v" value="@(((IResponse)context.Variables["r"]).Body.As<string>())" /></value></cache-value><return-response><set-body>@((string)context.Variables["v"])</set-body></return-response>
        """;

    private readonly string _service = $"s{Guid.NewGuid():N}";
    private readonly SharedRegion _region = new();
    private readonly SemaphoreSlim _goes = new(0);
    private readonly List<TestGateway> _edges = [];
    private OriginServer _origin = null!;

    public async Task InitializeAsync()
    {
        _origin = await OriginServer.StartAsync();
        _origin.Answer = async (http, number) =>
        {
            await _goes.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync($"answer {number}");
        };
    }

    public async Task DisposeAsync()
    {
        _goes.Release(1000);
        foreach (var edge in _edges)
        {
            await edge.DisposeAsync();
        }

        await _origin.DisposeAsync();
    }

    [Fact]
    public Task A_thousand_requests_over_three_edges_ask_the_backend_once() => AskOnceAsync(334);

    [LongFact]
    public Task Ten_thousand_requests_over_three_edges_ask_the_backend_once() => AskOnceAsync(3334);

    [Fact]
    public async Task Value_that_is_missing_is_made_once()
    {
        await StartAsync(2, Value);
        var all = Ask(5);
        await Eventually.HoldsAsync(() => _origin.Answers == 1 && _edges.Sum(edge => edge.Drain.LiveRequests) == 10, "all requests wait");
        _goes.Release();

        Assert.Equal("answer 1", Assert.Single((await Task.WhenAll(all)).Distinct()));
        Assert.Equal(1, _origin.Answers);
    }

    [Theory]
    [InlineData(Value, "")]
    [InlineData(CacheEdge.Lookup, """<cache-store duration="1" stale-while-revalidate="600" />""")]
    public async Task What_is_old_is_used_while_one_request_makes_a_new_one(string inbound, string outbound)
    {
        await StartAsync(2, inbound, outbound);
        _goes.Release();
        Assert.Equal("answer 1", await AskAsync(_edges[0]));
        Task<string> asked;
        do
        {
            asked = AskAsync(_edges[0]);
            await Eventually.HoldsAsync(() => asked.IsCompleted || _origin.Answers == 2, "the request is through, or asks the backend");
        }
        while (_origin.Answers < 2);
        var others = await Task.WhenAll(Ask(10));
        _goes.Release();

        Assert.Equal(("answer 1", 2), (Assert.Single(others.Distinct()), _origin.Answers));
        Assert.Equal("answer 2", await asked);
        _goes.Release(1000);
        foreach (var edge in _edges)
        {
            await Eventually.HoldsAsync(() => AskAsync(edge).GetAwaiter().GetResult() != "answer 1", "the new one is used");
        }
    }

    [Fact]
    public async Task Edge_that_dies_loses_what_it_was_to_make()
    {
        await StartAsync(2);
        var dying = AskAsync(_edges[0]);
        await Eventually.HoldsAsync(() => _origin.Answers == 1, "the backend is asked");
        _region.Dead = _edges[0].Get<Edge.Caching.CacheEdge>();

        var other = AskAsync(_edges[1]);
        await Eventually.HoldsAsync(() => _origin.Answers == 2, "the other edge asks");
        _goes.Release(2);

        Assert.Equal("answer 2", await other);
        await dying;
    }

    [Fact]
    public async Task Request_that_fails_leaves_it_to_another_edge()
    {
        await StartAsync(2);
        using var leaving = new CancellationTokenSource();
        var first = _edges[0].Client.SendAsync(Request(_edges[0].Url), leaving.Token);
        await Eventually.HoldsAsync(() => _origin.Answers == 1, "the backend is asked");
        var other = AskAsync(_edges[1]);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Eventually.HoldsAsync(() => _origin.Answers == 2, "the other edge asks");
        _goes.Release();

        Assert.Equal("answer 2", await other);
    }

    [Fact]
    public async Task What_is_not_kept_is_waited_for_once_only()
    {
        _origin.Answer = async (http, number) =>
        {
            await _goes.WaitAsync(http.RequestAborted);
            http.Response.Headers.SetCookie = "session=1";
            await http.Response.WriteAsync($"answer {number}");
        };
        await StartAsync(2);
        var all = Ask(3);
        await Eventually.HoldsAsync(() => _origin.Answers == 1 && _edges.Sum(edge => edge.Drain.LiveRequests) == 6, "all requests wait");
        _goes.Release(6);

        Assert.Equal(6, (await Task.WhenAll(all)).Distinct().Count());
    }

    [Fact]
    public async Task Silos_that_do_not_answer_delay_few_requests_and_fail_none()
    {
        _region.IsSilent = true;
        _goes.Release(200);
        await StartAsync(2);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("answer", await AskAsync(_edges[i % 2], $"/a/{i}"), StringComparison.Ordinal);
        }

        // None of them waits longer than a fifth of a second, and only one of two seconds does.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.InRange(_region.Calls, 2, 2 + (2 * (int)watch.Elapsed.TotalSeconds));

        _region.IsSilent = false;
        var calls = _region.Calls;
        _goes.Release(10_000);
        await Eventually.HoldsAsync(() => AskAsync(_edges[0], $"/a/{Guid.NewGuid()}").GetAwaiter().GetResult().Length > 0 && _region.Calls > calls, "silos are asked again");
    }

    private static HttpRequestMessage Request(Uri edge, string path = "/a/x") => new(HttpMethod.Get, new Uri(edge, path)) { Headers = { Host = "gateway.example" } };

    private static Task<string> AskAsync(TestGateway edge, string path = "/a/x") => edge.GetTextAsync(path, request => request.Headers.Host = "gateway.example");

    private static async Task<string> AskAsync(HttpMessageInvoker client, TestGateway edge)
    {
        using var request = Request(edge.TlsUrl);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await client.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task AskOnceAsync(int each)
    {
        await StartAsync(3);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        var all = Enumerable.Range(0, 3 * each).Select(i => AskAsync(client, _edges[i % 3])).ToArray();

        // One that is through already has failed, and says why below.
        await Eventually.HoldsAsync(() => _edges.Sum(edge => edge.Drain.LiveRequests) == 3 * each || all.Any(asked => asked.IsCompleted), "all requests wait", 120);
        _goes.Release();

        Assert.Equal("answer 1", Assert.Single((await Task.WhenAll(all)).Distinct()));
        Assert.Equal(1, _origin.Answers);
        // At least one call of each edge; those of one that waits come twice a second.
        Assert.InRange(_region.Calls, 3, 200);
    }

    /// <summary>Asks every edge so many times at once.</summary>
    private Task<string>[] Ask(int times) => [.. _edges.SelectMany(edge => Enumerable.Range(0, times).Select(_ => AskAsync(edge)))];

    private async Task StartAsync(int edges, string inbound = CacheEdge.Lookup, string? outbound = null)
    {
        var options = new EdgeOptions
        {
            ServiceId = _service,
            Cache = new() { ConnectionString = store.Connection, StoreTimeout = TimeSpan.FromSeconds(20), RefillWait = TimeSpan.FromMinutes(5), EpochLife = TimeSpan.FromMinutes(1) },
        };
        for (var i = 0; i < edges; i++)
        {
            _edges.Add(await CacheEdge.StartAsync(
                _origin, inbound.Replace("{origin}", _origin.Url), outbound ?? (inbound == CacheEdge.Lookup ? CacheEdge.Store : ""), options: options, regions: _ => _region));
        }

        foreach (var edge in _edges)
        {
            var layer = edge.Get<CacheLayers>().For(CachingType.Internal)!;
            await layer.Region.ConfirmAsync();
            await Eventually.HoldsAsync(
                () => layer.Store!.Set(string.Create(CultureInfo.InvariantCulture, $"t:{Guid.NewGuid()}"), new byte[1], TimeSpan.FromSeconds(1)).GetAwaiter().GetResult(), "the edge reaches the store");
        }
    }

    /// <summary>A store for the tests of this class.</summary>
    public sealed class Store : IAsyncLifetime
    {
        private TestStore? _store;

        internal string Connection => _store!.ConnectionString;

        public async Task InitializeAsync() => _store = await TestStore.StartAsync("garnet");

        public async Task DisposeAsync() => await _store!.DisposeAsync();
    }
}
