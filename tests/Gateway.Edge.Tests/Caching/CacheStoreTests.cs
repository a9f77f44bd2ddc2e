using System.Diagnostics;
using System.Net;
using Gateway.Contracts.Publications;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Caching;
using Gateway.Testing.Stores;

namespace Gateway.Edge.Tests.Caching;

/// <summary>What edges share by a store, and what its failures do to requests: nothing.</summary>
public sealed class CacheStoreTests(CacheStoreTests.Redis redis) : IClassFixture<CacheStoreTests.Redis>, IAsyncLifetime
{
    private const string Values = """
        <choose><when condition="@(context.Request.OriginalUrl.Path == "/a/store")"><cache-store-value key="k" value="kept" duration="60" caching-type="internal" /></when>
        <when condition="@(context.Request.OriginalUrl.Path == "/a/remove")"><cache-remove-value key="k" caching-type="internal" fail-on-cache-removal-error="true" /></when></choose>
        <cache-lookup-value key="k" variable-name="out" default-value="none" caching-type="internal" /><return-response><set-body>@((string)context.Variables["out"])</set-body></return-response>
        """;

    private readonly string _service = $"s{Guid.NewGuid():N}";
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [RedisFact]
    public async Task Response_that_one_edge_stores_is_found_by_another()
    {
        _origin.Answer = (http, number) =>
        {
            http.Response.Headers.Vary = "Accept";
            http.Response.Headers.ETag = $"\"{number}\"";
            return http.Response.Body.WriteAsync(Enumerable.Repeat((byte)number, 500_000).ToArray()).AsTask();
        };
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await IsConnectedAsync(one);
        await IsConnectedAsync(other);

        var keys = (await KeysAsync()).Length;
        using var stored = await GetAsync(one);
        var (body, tag) = (await stored.Content.ReadAsByteArrayAsync(), stored.Headers.ETag!.ToString());
        await HoldsAsync(async () => (await KeysAsync()).Length == keys + 2, "the response and what tells its variants apart are in the store");

        using var hit = await GetAsync(other);
        Assert.Equal(body, await hit.Content.ReadAsByteArrayAsync());
        Assert.Equal(tag, hit.Headers.ETag!.ToString());
        using var conditional = await GetAsync(other, request => request.Headers.IfNoneMatch.ParseAdd(tag));
        Assert.Equal(HttpStatusCode.NotModified, conditional.StatusCode);
        Assert.NotEqual(body, await (await GetAsync(other, request => request.Headers.Accept.ParseAdd("text/x"))).Content.ReadAsByteArrayAsync());
    }

    [RedisFact]
    public async Task Value_that_one_edge_stores_or_removes_is_so_for_another_within_the_bound()
    {
        await using var one = await StartAsync(Values, "");
        await using var other = await StartAsync(Values, "");

        await HoldsAsync(
            async () =>
            {
                Assert.Equal("kept", await one.GetTextAsync("/a/store"));
                return await other.GetTextAsync("/a/read") == "kept";
            },
            "the other edge finds it");
        Assert.Equal("none", await one.GetTextAsync("/a/remove"));
        await HoldsAsync(async () => await other.GetTextAsync("/a/read") == "none", "the other edge does not find it any more");
    }

    [RedisTheory]
    [InlineData("caching-type=\"internal\"", "none outside")]
    [InlineData("caching-type=\"external\"", "inside none")]
    [InlineData("caching-type=\"prefer-external\"", "inside none")]
    [InlineData("", "inside none")]
    public async Task Value_is_removed_from_the_cache_that_is_meant(string type, string expected)
    {
        await using var gateway = await StartAsync(
            $"""
            <choose><when condition="@(context.Request.OriginalUrl.Path == "/a/store")"><cache-store-value key="k" value="inside" duration="60" caching-type="internal" /><cache-store-value key="k" value="outside" duration="60" caching-type="external" /></when>
            <when condition="@(context.Request.OriginalUrl.Path == "/a/remove")"><cache-remove-value key="k" {type} fail-on-cache-removal-error="true" /></when></choose>
            <cache-lookup-value key="k" variable-name="i" default-value="none" caching-type="internal" /><cache-lookup-value key="k" variable-name="e" default-value="none" caching-type="external" />
            <return-response><set-body>@(context.Variables["i"] + " " + context.Variables["e"])</set-body></return-response>
            """,
            "", cache: null, change: publication => With(publication, "c", redis.Connection));
        await HoldsAsync(async () => { await gateway.GetTextAsync("/a/store"); return (await KeysAsync()).Length > 0; }, "the value is in the external cache");
        Assert.Equal("inside outside", await gateway.GetTextAsync("/a/store"));

        Assert.Equal(expected, await gateway.GetTextAsync("/a/remove"));
        Assert.Equal(expected, await gateway.GetTextAsync("/a/read"));
    }

    [RedisTheory]
    [InlineData("internal", false, false)]
    [InlineData("internal", true, false)]
    [InlineData("external", false, null)]
    [InlineData("external", true, true)]
    [InlineData("prefer-external", false, false)]
    [InlineData("prefer-external", true, true)]
    public async Task Caching_type_chooses_the_cache(string type, bool hasExternal, bool? isExternal)
    {
        await using var gateway = await StartAsync(
            $"<cache-lookup {CacheEdge.Attributes} caching-type=\"{type}\" />", cache: null, change: publication => hasExternal ? With(publication, "c", redis.Connection) : publication);

        if (isExternal == true)
        {
            await IsConnectedAsync(gateway);
        }

        await gateway.GetTextAsync("/a/x");
        var before = _origin.Answers;
        await gateway.GetTextAsync("/a/x");
        Assert.Equal(isExternal is null ? 1 : 0, _origin.Answers - before);
        Assert.Equal(isExternal == true, (await KeysAsync()).Length > 0);
    }

    [RedisFact]
    public async Task Cache_resource_that_changes_is_followed_while_requests_run()
    {
        var publication = new TestPublication { Apis = [TestPublication.Api("a", _origin.Url) with { Policy = CompiledPolicy.OfSections(CacheEdge.Lookup, null, CacheEdge.Store).Tree }] };
        await using var gateway = await TestGateway.StartAsync(With(publication, "c", "127.0.0.1:1"), new EdgeOptions { ServiceId = _service });

        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));
        await gateway.ApplyAsync(With(publication, "c", redis.Connection) with { Number = 2 });
        await IsConnectedAsync(gateway);

        // What the cache before held is not taken for what the new one holds.
        Assert.NotEqual("answer 1", await gateway.GetTextAsync("/a/x"));
        await gateway.ApplyAsync(publication with { Number = 3 });
        var answer = await gateway.GetTextAsync("/a/x");
        Assert.Equal(answer, await gateway.GetTextAsync("/a/x"));
    }

    [RedisFact]
    public async Task Store_that_is_away_slow_full_or_emptied_makes_misses_and_comes_back_by_itself()
    {
        await using var store = await TestStore.StartAsync("redis");
        await using var gateway = await StartAsync(cache: store.ConnectionString, bounds: new() { StorePause = TimeSpan.FromMilliseconds(500) });
        async Task IsUsedAsync() => await HoldsAsync(async () => { await gateway.GetTextAsync($"/a/{Guid.NewGuid()}"); return (await store.DumpAsync()).Count > 0; }, "the store is used");
        await IsUsedAsync();

        await store.FlushAsync();
        await AllAreServedAsync(gateway);
        await IsUsedAsync();

        await store.Connection.GetServers().Single().ConfigSetAsync("maxmemory", "1");
        await AllAreServedAsync(gateway);
        await store.Connection.GetServers().Single().ConfigSetAsync("maxmemory", "0");

        await store.Connection.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "2000", "ALL");
        await AllAreServedAsync(gateway);

        await store.StopAsync();
        await AllAreServedAsync(gateway);
        await store.RestartAsync();
        await store.FlushAsync();
        await IsUsedAsync();
    }

    [Theory]
    [InlineData("not a connection string, is=it")]
    [InlineData("192.0.2.1:6379")]
    [InlineData("127.0.0.1:1,password=secret")]
    public async Task Store_that_cannot_be_reached_makes_misses(string connection)
    {
        await using var gateway = await StartAsync(cache: connection);

        await AllAreServedAsync(gateway);
    }

    [RedisFact]
    public async Task What_stands_in_the_store_and_is_no_entry_is_a_miss()
    {
        await using var one = await StartAsync();
        await IsConnectedAsync(one);
        var before = await KeysAsync();
        await one.GetTextAsync("/a/x");
        await HoldsAsync(async () => (await KeysAsync()).Length > before.Length, "it is in the store");
        var key = (await KeysAsync()).Except(before).Single();
        var entry = (await redis.Store.DumpAsync())[key];
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] damaged = i % 2 == 0 ? entry[..random.Next(entry.Length)] : [.. entry.Select(b => random.Next(10) == 0 ? (byte)random.Next(256) : b)];
            _ = CachedEntry.Read(damaged);
        }

        await redis.Store.Connection.GetDatabase().StringSetAsync(key, "no entry");
        await using var other = await StartAsync();
        await IsConnectedAsync(other);
        var answers = _origin.Answers;

        Assert.Equal($"answer {answers + 1}", await other.GetTextAsync("/a/x"));
    }

    [RedisFact]
    public async Task User_with_rights_to_its_own_keys_only_is_enough()
    {
        await redis.Store.Connection.GetDatabase().ExecuteAsync("ACL", "SETUSER", _service, "on", ">secret", $"~{_service}:cache:*", "+@connection", "+@read", "+@write", "-@dangerous");
        await using var one = await StartAsync(cache: $"{redis.Connection.Split(',')[0]},user={_service},password=secret");
        await using var other = await StartAsync(cache: $"{redis.Connection.Split(',')[0]},user={_service},password=secret");

        await IsConnectedAsync(one);
        await IsConnectedAsync(other);
        var keys = (await KeysAsync()).Length;
        using var response = await GetAsync(one);
        await HoldsAsync(async () => (await KeysAsync()).Length > keys, "it is in the store");

        Assert.True(await HitsAsync(other, "/a/x"));
    }

    private async Task AllAreServedAsync(TestGateway gateway)
    {
        var started = Stopwatch.StartNew();
        for (var i = 0; i < 30; i++)
        {
            using var response = await gateway.GetAsync($"/a/{Guid.NewGuid()}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // Four calls that wait for the store, and then none for a pause: thirty requests of a tenth of a second would not be done.
        Assert.InRange(started.Elapsed.TotalSeconds, 0, 15);
    }

    private async Task<string[]> KeysAsync() => [.. (await redis.Store.DumpAsync()).Keys.Where(key => key.StartsWith(_service, StringComparison.Ordinal))];

    /// <summary>Returns once something that the gateway stores stands in the store.</summary>
    private async Task IsConnectedAsync(TestGateway gateway)
    {
        var before = (await KeysAsync()).Length;
        await HoldsAsync(
            async () =>
            {
                await gateway.GetTextAsync($"/a/{Guid.NewGuid()}");
                return (await KeysAsync()).Length > before;
            },
            "the store is written to");
    }

    /// <summary>Asks as clients ask that know the gateway by one name, whichever edge serves them.</summary>
    private static Task<HttpResponseMessage> GetAsync(TestGateway gateway, Action<HttpRequestMessage>? change = null, string path = "/a/x") => gateway.GetAsync(path, request =>
    {
        request.Headers.Host = "gateway.example";
        change?.Invoke(request);
    });

    private async Task<bool> HitsAsync(TestGateway gateway, string path)
    {
        var before = _origin.Answers;
        using var response = await GetAsync(gateway, path: path);
        return _origin.Answers == before;
    }

    private static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"Not within 30 s: {what}");
            await Task.Delay(20);
        }
    }

    private static TestPublication With(TestPublication publication, string id, string connection) =>
        publication with { Service = publication.Service with { Cache = new CacheEntry { Id = id, ConnectionString = connection } } };

    private Task<TestGateway> StartAsync(string inbound = CacheEdge.Lookup, string outbound = CacheEdge.Store, string? cache = "", Func<TestPublication, TestPublication>? change = null, CacheOptions? bounds = null) => CacheEdge.StartAsync(
        _origin, inbound, outbound, onError: "<set-body>@(context.LastError.Source + \": \" + context.LastError.Message)</set-body>", options: new EdgeOptions { ServiceId = _service, Cache = (bounds ?? new() { StoreTimeout = TimeSpan.FromSeconds(5) }) with { ConnectionString = cache is "" ? redis.Connection : cache } }, change: change);

    /// <summary>A redis-server for the tests of this class.</summary>
    public sealed class Redis : IAsyncLifetime
    {
        private TestStore? _store;

        internal TestStore Store => _store!;

        internal string Connection => _store?.ConnectionString ?? "";

        public async Task InitializeAsync() => _store = RedisFactAttribute.IsHere ? await TestStore.StartAsync("redis") : null;

        public async Task DisposeAsync()
        {
            if (_store is not null)
            {
                await _store.DisposeAsync();
            }
        }
    }
}
