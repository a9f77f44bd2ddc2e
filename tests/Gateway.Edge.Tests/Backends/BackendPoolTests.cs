using System.Net;
using Gateway.Contracts.Publications;
using Gateway.Edge.Backends;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Backends;

public sealed class BackendPoolTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly TestBackend[] _backends = new TestBackend[3];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < _backends.Length; i++)
        {
            _backends[i] = await TestBackend.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(new[] { 0, 0, 0 }, new[] { 4, 4, 4 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 2, 4, 6 })]
    [InlineData(new[] { 50, 0, 50 }, new[] { 6, 0, 6 })]
    public async Task Requests_are_shared_by_weight(int[] weights, int[] expected)
    {
        await using var gateway = await StartAsync([.. weights.Select((weight, i) => new PoolMemberEntry($"b{i}", 1, weight))]);

        for (var i = 0; i < 12; i++)
        {
            Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));
        }

        Assert.Equal(expected, _backends.Select(backend => backend.Requests));
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Next_priority_is_used_only_while_all_before_are_out_of_use()
    {
        await using var gateway = await StartAsync([new("b0", 1, 0), new("b1", 1, 0), new("b2", 2, 0)], new() { Count = 1, Interval = Minute, TripDuration = Minute });

        // One failure each takes the first two out of use.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync("/a/status/503")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync("/a/status/503")).StatusCode);
        Assert.Equal((1, 1, 0), (_backends[0].Requests, _backends[1].Requests, _backends[2].Requests));
        await gateway.GetTextAsync("/a/json");
        await gateway.GetTextAsync("/a/json");
        Assert.Equal((1, 1, 2), (_backends[0].Requests, _backends[1].Requests, _backends[2].Requests));

        await gateway.GetAsync("/a/status/503");
        using var none = await gateway.GetAsync("/a/json");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, none.StatusCode);
        Assert.Equal("""{ "statusCode": 503, "message": "Service unavailable" }""", await none.Content.ReadAsStringAsync());
        Assert.Equal(3, _backends[2].Requests);

        _time.Advance(Minute);
        await gateway.GetTextAsync("/a/json");
        Assert.Equal(3, _backends[2].Requests);
    }

    [Fact]
    public async Task Retry_goes_to_another_member()
    {
        await using var gateway = await StartAsync(
            [new("b0", 1, 0), new("b1", 1, 0)], new() { Count = 1, Interval = Minute, TripDuration = Minute },
            """<retry condition="@(context.Response.StatusCode == 503)" count="1" interval="0"><set-backend-service backend-id="pool" /><forward-request /></retry>""");
        _backends[0].Failures = 1;

        using var response = await gateway.GetAsync("/a/flaky");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 1), (_backends[0].Requests, _backends[1].Requests));
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Expressions_and_metrics_see_the_member()
    {
        await using var gateway = await StartAsync([new("b1", 1, 0)], outbound: """<set-body>@(context.Request.Url.ToString())</set-body>""");

        Assert.Equal($"{_backends[1].Url}/json", await gateway.GetTextAsync("/a/json"));
    }

    [Theory]
    [InlineData("/a/status/500", 503)]
    [InlineData("/a/reset", 503)]
    [InlineData("/a/status/404", 200)]
    [InlineData("/a/json", 200)]
    public async Task Single_backend_that_fails_is_out_of_use_for_a_while(string target, int then)
    {
        await using var gateway = await StartAsync(
            [], new() { Count = 3, Interval = Minute, TripDuration = TimeSpan.FromSeconds(10) }, """<set-backend-service backend-id="b0" /><forward-request />""",
            onError: """<set-header name="X-Why" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason)</value></set-header>""");

        for (var i = 0; i < 3; i++)
        {
            using var _ = await gateway.GetAsync(target);
        }

        using var response = await gateway.GetAsync("/a/json");
        Assert.Equal(then, (int)response.StatusCode);
        if (then == 503)
        {
            Assert.Equal("forward-request CircuitBreakerOpen", response.Headers.GetValues("X-Why").Single());
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        using var later = await gateway.GetAsync("/a/json");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task What_was_counted_outlives_a_publication_with_the_same_rule()
    {
        var rule = new CircuitBreakerEntry { Count = 1, Interval = Minute, TripDuration = Minute, Statuses = [new(500, 500)], Reasons = ["Timeout"] };
        await using var gateway = await StartAsync([], rule, """<set-backend-service backend-id="b0" /><forward-request />""");
        using var _ = await gateway.GetAsync("/a/status/500");

        await gateway.ApplyAsync(Publication([], rule with { Statuses = [new(500, 500)], Reasons = ["Timeout"] }, """<set-backend-service backend-id="b0" /><forward-request />""") with { Number = 2 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync("/a/json")).StatusCode);

        await gateway.ApplyAsync(Publication([], rule with { Statuses = [new(501, 501)] }, """<set-backend-service backend-id="b0" /><forward-request />""") with { Number = 3 });
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/a/json")).StatusCode);
    }

    [Fact]
    public void Percentage_counts_from_ten_requests_on()
    {
        var breaker = new CircuitBreaker(new() { Percentage = 50, Interval = Minute, TripDuration = Minute });
        var now = DateTimeOffset.UnixEpoch;
        for (var i = 0; i < 9; i++)
        {
            breaker.Answered(now, i < 4 ? 500 : 200, default);
        }

        Assert.False(breaker.IsOpen(now));
        breaker.Answered(now, 500, default);
        Assert.True(breaker.IsOpen(now));
    }

    [Theory]
    [InlineData(true, "120", 119, 121)]
    [InlineData(true, "Thu, 01 Jan 1970 00:02:00 GMT", 119, 121)]
    [InlineData(true, "soon", 59, 61)]
    [InlineData(false, "120", 59, 61)]
    public void Retry_after_is_obeyed_when_accepted(bool accepts, string retryAfter, int open, int closed)
    {
        var breaker = new CircuitBreaker(new() { Count = 1, Interval = Minute, TripDuration = Minute, AcceptRetryAfter = accepts });

        breaker.Answered(DateTimeOffset.UnixEpoch, 503, retryAfter);

        Assert.True(breaker.IsOpen(DateTimeOffset.UnixEpoch.AddSeconds(open)));
        Assert.False(breaker.IsOpen(DateTimeOffset.UnixEpoch.AddSeconds(closed)));
    }

    [Fact]
    public void Failures_are_forgotten_after_the_interval()
    {
        var breaker = new CircuitBreaker(new() { Count = 2, Interval = Minute, TripDuration = Minute });

        breaker.Answered(DateTimeOffset.UnixEpoch, 500, default);
        breaker.Answered(DateTimeOffset.UnixEpoch.AddSeconds(61), 500, default);
        Assert.False(breaker.IsOpen(DateTimeOffset.UnixEpoch.AddSeconds(61)));
        breaker.Answered(DateTimeOffset.UnixEpoch.AddSeconds(62), 500, default);
        Assert.True(breaker.IsOpen(DateTimeOffset.UnixEpoch.AddSeconds(62)));
    }

    private static TimeSpan Minute => TimeSpan.FromMinutes(1);

    private Task<TestGateway> StartAsync(
        PoolMemberEntry[] members, CircuitBreakerEntry? rule = null, string? toBackend = null, string? outbound = null, string? onError = null) =>
        TestGateway.StartAsync(Publication(members, rule, toBackend, outbound, onError), time: _time);

    private TestPublication Publication(
        PoolMemberEntry[] members, CircuitBreakerEntry? rule, string? toBackend = null, string? outbound = null, string? onError = null)
    {
        var policy = CompiledPolicy.OfSections(backend: toBackend ?? """<set-backend-service backend-id="pool" /><forward-request />""", outbound: outbound, onError: onError);
        BackendEntry[] backends = [.. _backends.Select((backend, i) => new BackendEntry { Id = $"b{i}", Url = backend.Url, CircuitBreaker = rule })];
        return new()
        {
            Programs = policy.Programs,
            Service = new() { ServiceName = "gateway", Backends = members.Length == 0 ? backends : [.. backends, new BackendEntry { Id = "pool", Url = "", Pool = members }] },
            Apis = [TestPublication.Api("a", "http://127.0.0.1:1") with { Policy = policy.Tree }],
        };
    }
}
