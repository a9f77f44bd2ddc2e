using System.Net;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

public sealed class CachedValueTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("\"text\"", "(string)v + \"!\"", "text!")]
    [InlineData("42", "((int)v + 1).ToString()", "43")]
    [InlineData("42000000000", "((long)v + 1).ToString()", "42000000001")]
    [InlineData("1.5", "((double)v).ToString()", "1.5")]
    [InlineData("1.50m", "((decimal)v).ToString()", "1.50")]
    [InlineData("true", "((bool)v).ToString()", "True")]
    [InlineData("new Guid(\"7d1b3c1e-0000-4000-8000-000000000001\")", "((Guid)v).ToString()", "7d1b3c1e-0000-4000-8000-000000000001")]
    [InlineData("new DateTime(2026, 1, 2).AddSeconds(3)", "((DateTime)v).ToString(\"s\")", "2026-01-02T00:00:03")]
    [InlineData("new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))", "((DateTimeOffset)v).ToString(\"O\")", "2026-01-02T03:04:05.0000000+02:00")]
    [InlineData("TimeSpan.FromSeconds(5)", "((TimeSpan)v).TotalSeconds.ToString()", "5")]
    [InlineData("new byte[] { 1, 2, 255 }", "Convert.ToBase64String((byte[])v)", "AQL/")]
    [InlineData("new JObject(new JProperty(\"a\", new JArray(1, \"b\", null)))", "((JObject)v).ToString(Newtonsoft.Json.Formatting.None)", "{\"a\":[1,\"b\",null]}")]
    [InlineData("new XElement(\"a\", new XAttribute(\"b\", 1), \" c \")", "((XElement)v).ToString()", "<a b=\"1\"> c </a>")]
    [InlineData("(string)null", "v == null ? \"null\" : \"not\"", "null")]
    public async Task Value_is_found_with_its_type_by_later_requests(string value, string read, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $$"""
            <cache-lookup-value key="@("k-" + context.Api.Id)" variable-name="v" default-value="@((object)"none")" />
            <choose><when condition="@(!(context.Variables.GetValueOrDefault("v") is string s && s == "none"))">
            <return-response><set-body>@{ var v = context.Variables["v"]; return {{read}}; }</set-body></return-response></when></choose>
            <cache-store-value key="k-a" value="@({{value}})" duration="60" />
            <return-response><set-body>stored</set-body></return-response>
            """);

        Assert.Equal("stored", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    /// <summary>Real documents cache responses as a whole, and answer with them later.</summary>
    [Theory]
    [InlineData("/a/json")]
    [InlineData("/a/bytes?n=5000")]
    [InlineData("/a/status/204")]
    public async Task Response_is_kept_as_a_whole(string target)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """
            <cache-lookup-value key="@(context.Request.OriginalUrl.Path)" variable-name="kept" />
            <choose><when condition="@(context.Variables.ContainsKey("kept"))">
            <return-response response-variable-name="kept"><set-header name="X-Kept" exists-action="override"><value>@(((IResponse)context.Variables["kept"]).StatusReason)</value></set-header></return-response>
            </when></choose>
            """,
            outbound: """<cache-store-value key="@(context.Request.OriginalUrl.Path)" value="@(context.Response)" duration="60" />""");

        using var first = await gateway.GetAsync(target);
        using var second = await gateway.GetAsync(target);

        Assert.Equal(first.ReasonPhrase, second.Headers.GetValues("X-Kept").Single());
        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(first.Headers.Contains("X-Backend"), second.Headers.Contains("X-Backend"));
        Assert.Equal(1, _backend.Requests);
    }

    [Fact]
    public async Task Response_of_a_call_is_kept_as_a_whole()
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: """
            <cache-lookup-value key="k" variable-name="r" />
            <choose><when condition="@(!context.Variables.ContainsKey("r"))">
              <send-request response-variable-name="r"><set-url>{backend}/json</set-url></send-request>
              <cache-store-value key="k" value="@(context.Variables["r"])" duration="60" />
            </when></choose>
            <return-response><set-body>@{ var r = (IResponse)context.Variables["r"]; return r.StatusCode + " " + r.Headers.GetValueOrDefault("X-Backend", "none") + " " + r.Body.As<JObject>()["from"]; }</set-body></return-response>
            """);

        Assert.Equal("200 yes backend", await gateway.GetTextAsync("/a/x"));
        Assert.Equal("200 yes backend", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(1, _backend.Requests);
    }

    [Fact]
    public async Task Request_that_changes_what_it_found_changes_nothing_for_others()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """
            <cache-lookup-value key="k" variable-name="v" />
            <choose><when condition="@(context.Variables.ContainsKey("v"))">
            <return-response><set-body>@{ var v = (JObject)context.Variables["v"]; v["n"] = (int)v["n"] + 1; return v.ToString(Newtonsoft.Json.Formatting.None); }</set-body></return-response></when></choose>
            <cache-store-value key="k" value="@(new JObject(new JProperty("n", 1)))" duration="60" />
            """);

        await gateway.GetTextAsync("/a/json");
        Assert.Equal("""{"n":2}""", await gateway.GetTextAsync("/a/json"));
        Assert.Equal("""{"n":2}""", await gateway.GetTextAsync("/a/json"));
    }

    [Theory]
    [InlineData("caching-type=\"internal\"", "hit")]
    [InlineData("caching-type=\"prefer-external\"", "hit")]
    [InlineData("", "hit")]
    [InlineData("caching-type=\"external\"", "miss")]
    public async Task Caching_type_without_an_external_cache_finds_what_is_inside(string type, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<cache-store-value key="k" value="hit" duration="60" {type} /><cache-lookup-value key="k" variable-name="out" default-value="miss" {type} />{PolicyEdge.Answer}""");

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData("""<cache-remove-value key="k" />""", "unset")]
    [InlineData("""<cache-remove-value key="@("k")" fail-on-cache-removal-error="true" caching-type="internal" />""", "unset")]
    [InlineData("""<cache-remove-value key="other" />""", "1")]
    [InlineData("""<cache-store-value key="k" value="2" duration="60" />""", "2")]
    public async Task Value_can_be_removed_and_replaced(string change, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<cache-store-value key="k" value="1" duration="60" />{change}<cache-lookup-value key="k" variable-name="v" /><return-response><set-body>@(context.Variables.GetValueOrDefault("v", "unset"))</set-body></return-response>""");

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData("fail-on-cache-removal-error=\"true\"", 500)]
    [InlineData("fail-on-cache-removal-error=\"true\" caching-type=\"prefer-external\"", 500)]
    [InlineData("fail-on-cache-removal-error=\"true\" caching-type=\"external\"", 500)]
    [InlineData("fail-on-cache-removal-error=\"true\" caching-type=\"internal\"", 200)]
    [InlineData("fail-on-cache-removal-error=\"false\" caching-type=\"external\"", 200)]
    [InlineData("", 200)]
    public async Task Removal_that_does_not_reach_the_cache_fails_the_request_when_asked_for(string attributes, int status)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<cache-remove-value key=\"k\" {attributes} />",
            onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""",
            change: publication => publication with { Service = publication.Service with { Cache = new() { Id = "c", ConnectionString = "127.0.0.1:1" } } });

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal((status, status == 500 ? "cache-remove-value CacheRemovalFailed" : """{"from":"backend"}"""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("60", 59, "hit")]
    [InlineData("60", 61, "miss")]
    [InlineData("@(0)", 0, "miss")]
    [InlineData("@(context.Request.OriginalUrl.Query.GetValueOrDefault(\"d\", \"1\"))", 2, "miss")]
    public async Task Value_is_kept_for_its_duration(string duration, int after, string expected)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<choose><when condition="@(context.Request.OriginalUrl.Path == "/a/store")"><cache-store-value key="k" value="hit" duration="{duration}" /></when></choose><cache-lookup-value key="k" variable-name="out" default-value="miss" />{PolicyEdge.Answer}""",
            time: time);

        Assert.Equal(after > 0 ? "hit" : "miss", await gateway.GetTextAsync("/a/store"));
        time.Advance(TimeSpan.FromSeconds(after));
        Assert.Equal(expected, await gateway.GetTextAsync("/a/read"));
    }

    [Theory]
    [InlineData("""<cache-store-value key="@("")" value="1" duration="1" />""", "cache-store-value ExpressionValueValidationFailure")]
    [InlineData("""<cache-lookup-value key="@(new string('k', 4097))" variable-name="v" />""", "cache-lookup-value ExpressionValueValidationFailure")]
    [InlineData("""<cache-store-value key="k" value="1" duration="@(-1)" />""", "cache-store-value ExpressionValueValidationFailure")]
    [InlineData("""<cache-store-value key="k" value="@(new List<string>())" duration="1" />""", "cache-store-value ExpressionValueEvaluationFailure")]
    public async Task What_cannot_be_cached_fails_the_request(string inbound, string error)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: inbound, onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""");

        using var response = await gateway.GetAsync("/a/x");

        Assert.Equal((HttpStatusCode.InternalServerError, error), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Memory_is_bounded()
    {
        var options = new EdgeOptions { Cache = new() { MemoryBytes = 100_000 } };
        using var memory = new CacheMemory(options.Cache, TimeProvider.System);
        await using var layers = new CacheLayers(options, new(), TimeProvider.System, NullLoggerFactory.Instance);
        var cache = new ValueCache(memory, layers, options.Cache, TimeProvider.System);
        for (var i = 0; i < 1000; i++)
        {
            await cache.Store(CachingType.Internal, $"k{i}", new byte[1000], TimeSpan.FromHours(1), TimeSpan.Zero);
            Assert.InRange(memory.Bytes, 1, 100_000);
        }

        await cache.Store(CachingType.Internal, "giant", new byte[200_000], TimeSpan.FromHours(1), TimeSpan.Zero);
        Assert.Null(await cache.FindAsync(CachingType.Internal, "giant"));
        await Eventually.HoldsAsync(
            () =>
            {
                _ = cache.Store(CachingType.Internal, "new", new byte[10], TimeSpan.FromHours(1), TimeSpan.Zero);
                return cache.FindAsync(CachingType.Internal, "new").Preserve().GetAwaiter().GetResult() is { Length: 10 };
            },
            "a full cache makes room");
    }
}
