using Gateway.Edge.Counters;
using Gateway.Edge.Tests.Counters;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Settings of limits that no other test sends requests through, over a fake partition.</summary>
public sealed class LimitSettingTests : IAsyncLifetime
{
    private readonly FakePartition _silo = new();
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("key=\"k\"", "key=\"k\" across=\"node\"", false)]
    [InlineData("key=\"k\"", "key=\"other\"", true)]
    [InlineData("key=\"@(context.Request.OriginalUrl.Path)\"", "key=\"/a/json\"", true)]
    public async Task Limit_concurrency_refuses_one_more_of_the_same_key(string first, string second, bool isLetIn)
    {
        await using var gateway = await StartAsync($"""
            <choose>
              <when condition="@(context.Request.OriginalUrl.Path.EndsWith("gate"))"><limit-concurrency {first} max-count="1"><send-request response-variable-name="r"><set-url>{_backend.Url}/gate</set-url></send-request></limit-concurrency></when>
              <otherwise><limit-concurrency {second} max-count="1"><set-variable name="in" value="1" /></limit-concurrency></otherwise>
            </choose>
            """);
        var held = gateway.GetTextAsync("/a/gate");
        await Eventually.HoldsAsync(() => _backend.Requests == 1, "the first request is with the backend");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(
            isLetIn ? "200 {\"from\":\"backend\"}" : "429 { \"statusCode\": 429, \"message\": \"Concurrency limit is exceeded.\" }",
            $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        _backend.Gate.Release(2);
        await held;
        using var after = await gateway.GetAsync("/a/json");
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Theory]
    [InlineData("rate-limit-headers=\"ietf\"", "\"rate-limit-by-key\";q=5;w=60")]
    [InlineData("rate-limit-headers=\"none\"", null)]
    [InlineData("", null)]
    public async Task Rate_limit_headers_say_what_is_left(string attribute, string? policy)
    {
        _silo.GrantAtLeast(1);
        await using var gateway = await StartAsync($"<rate-limit-by-key calls=\"5\" renewal-period=\"60\" counter-key=\"k\" {attribute} />");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(policy, response.Headers.TryGetValues("RateLimit-Policy", out var values) ? values.Single() : null);
        Assert.Equal(policy is not null, response.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData("open", 200)]
    [InlineData("closed", 503)]
    public async Task On_outage_says_what_an_edge_without_silos_does(string onOutage, int status)
    {
        _silo.Before = _ => Task.Delay(Timeout.Infinite);
        await using var gateway = await StartAsync($"<rate-limit-by-key calls=\"5\" renewal-period=\"60\" counter-key=\"k\" on-outage=\"{onOutage}\" />");
        gateway.Get<SiloContact>().NotifyClusterConnectionLost();

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Quota_begins_where_first_period_start_says()
    {
        _silo.GrantAtLeast(1);
        await using var gateway = await StartAsync("<quota-by-key calls=\"5\" renewal-period=\"3600\" counter-key=\"k\" first-period-start=\"2024-01-31T10:20:30Z\" />");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(200, (int)response.StatusCode);
        var period = _silo.Calls.SelectMany(call => call.Requests).Select(request => request.Definition.Quota).First(quota => quota is not null)!;
        Assert.Equal((3600, new DateTimeOffset(2024, 1, 31, 10, 20, 30, TimeSpan.Zero)), (period.Seconds, period.FirstStart));
    }

    private async Task<TestGateway> StartAsync(string inbound)
    {
        var policy = CompiledPolicy.OfSections(inbound);
        return await TestGateway.StartAsync(
            new TestPublication { Programs = policy.Programs, Apis = [TestPublication.Api("a", _backend.Url) with { Policy = policy.Tree }] }, counters: _silo);
    }
}
