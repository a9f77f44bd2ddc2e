using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Backends;

/// <summary>Requests with the cookie of a session go where the first one went.</summary>
public sealed class SessionAffinityTests : IAsyncLifetime
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

    [Fact]
    public async Task Session_StaysAtItsMember_OnEveryEdge()
    {
        await using var gateway = await StartAsync();
        await using var other = await StartAsync();
        var cookie = await BeginAsync(gateway);
        var before = Requests;

        for (var i = 0; i < 4; i++)
        {
            Assert.Null(await SendAsync(gateway, "/a/json", cookie));
            Assert.Null(await SendAsync(other, "/a/json", cookie));
        }

        Assert.Equal([8], Requests.Zip(before, (now, then) => now - then).Where(sent => sent > 0));
    }

    [Fact]
    public async Task Session_WithoutACookie_IsANewOne()
    {
        await using var gateway = await StartAsync();

        string[] cookies = [await BeginAsync(gateway), await BeginAsync(gateway), await BeginAsync(gateway)];

        Assert.Equal([1, 1, 1], Requests);
        Assert.Equal(3, cookies.Distinct().Count());
    }

    [Fact]
    public async Task Session_WhoseMemberIsOutOfUse_MovesAndStaysThere()
    {
        await using var gateway = await StartAsync(new() { Count = 1, Interval = Minute, TripDuration = Minute });
        var cookie = await BeginAsync(gateway);
        Assert.Null(await SendAsync(gateway, "/a/status/503", cookie));

        var moved = await SendAsync(gateway, "/a/json", cookie);
        _time.Advance(Minute);

        Assert.NotNull(moved);
        Assert.NotEqual(cookie, moved);
        Assert.Null(await SendAsync(gateway, "/a/json", moved));
    }

    [Theory]
    [InlineData("session=")]
    [InlineData("session=b0")]
    [InlineData("session=00000000000000000000000000000000")]
    [InlineData("other=1; ;=;session")]
    public async Task Cookie_ThatNamesNoMember_BeginsASession(string cookie)
    {
        await using var gateway = await StartAsync();

        Assert.NotNull(await SendAsync(gateway, "/a/json", cookie));
    }

    [Fact]
    public async Task Cookies_OfTheBackend_StayBesideIt()
    {
        await using var gateway = await StartAsync(outbound: """<set-header name="Set-Cookie" exists-action="append"><value>mine=1</value></set-header>""");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(2, response.Headers.GetValues("Set-Cookie").Count());
    }

    [Fact]
    public async Task Retry_SetsTheCookieOnce()
    {
        await using var gateway = await StartAsync(
            new() { Count = 1, Interval = Minute, TripDuration = Minute },
            """<retry condition="@(context.Response.StatusCode == 503)" count="2" interval="0"><set-backend-service backend-id="pool" /><forward-request /></retry>""");
        _backends[0].Failures = 1;

        using var response = await gateway.GetAsync("/a/flaky");

        Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Equal(1, _backends[1].Requests);
        Assert.Null(await SendAsync(gateway, "/a/json", Value(response)!));
        Assert.Equal(2, _backends[1].Requests);
    }

    private static TimeSpan Minute => TimeSpan.FromMinutes(1);

    private int[] Requests => [.. _backends.Select(backend => backend.Requests)];

    private static async Task<string> BeginAsync(TestGateway gateway) =>
        await SendAsync(gateway, "/a/json") ?? throw new InvalidOperationException("The answer sets no cookie.");

    // The cookie that the answer sets, as it is sent back.
    private static async Task<string?> SendAsync(TestGateway gateway, string target, string? cookie = null)
    {
        using var response = await gateway.GetAsync(target, request =>
        {
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", cookie);
            }
        });
        return Value(response);
    }

    private static string? Value(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            return null;
        }

        var cookie = Assert.Single(cookies);
        Assert.EndsWith("; path=/; httponly", cookie, StringComparison.Ordinal);
        return cookie.Split(';')[0];
    }

    private Task<TestGateway> StartAsync(CircuitBreakerEntry? rule = null, string? toBackend = null, string? outbound = null)
    {
        var policy = CompiledPolicy.OfSections(backend: toBackend ?? """<set-backend-service backend-id="pool" /><forward-request />""", outbound: outbound);
        PoolMemberEntry[] members = [new("b0", 1, 0), new("b1", 1, 0), new("b2", 1, 0)];
        BackendEntry[] backends = [.. _backends.Select((backend, i) => new BackendEntry { Id = $"b{i}", Url = backend.Url, CircuitBreaker = rule })];
        return TestGateway.StartAsync(
            new TestPublication
            {
                Programs = policy.Programs,
                Service = new() { ServiceName = "gateway", Backends = [.. backends, new BackendEntry { Id = "pool", Url = "", Pool = members, SessionCookie = "session" }] },
                Apis = [TestPublication.Api("a", "http://127.0.0.1:1") with { Policy = policy.Tree }],
            },
            time: _time);
    }
}
