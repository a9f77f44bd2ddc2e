using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Caching;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Caching;

/// <summary>Many requests that miss the same response at the same time.</summary>
public sealed class RefillTests : IAsyncLifetime
{
    private readonly SemaphoreSlim _goes = new(0);
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

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Fact]
    public async Task One_asks_the_backend_and_all_get_its_answer()
    {
        await using var gateway = await StartAsync();
        var all = Ask(gateway, 50);
        await IsWaitedForAsync(gateway);

        _goes.Release();

        Assert.Equal("answer 1", Assert.Single((await Task.WhenAll(all)).Distinct()));
        Assert.Equal((1, 0), (_origin.Answers, Turns(gateway)));
    }

    [Fact]
    public async Task Requests_that_differ_do_not_wait_for_each_other()
    {
        await using var gateway = await StartAsync();
        var other = gateway.GetTextAsync("/a/other");
        await Eventually.HoldsAsync(() => _origin.Answers == 1, "the backend is asked");
        _origin.Answer = (http, number) => http.Response.WriteAsync($"answer {number}");

        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        _goes.Release();
        Assert.Equal("answer 1", await other);
    }

    [Fact]
    public async Task When_the_one_that_asks_goes_away_the_next_one_asks()
    {
        await using var gateway = await StartAsync();
        using var leaving = new CancellationTokenSource();
        var first = gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/a/x")), leaving.Token);
        await Eventually.HoldsAsync(() => _origin.Answers == 1, "the backend is asked");
        var all = Ask(gateway, 20);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Eventually.HoldsAsync(() => _origin.Answers == 2, "the next one asks");
        _goes.Release(30);

        Assert.Equal("answer 2", Assert.Single((await Task.WhenAll(all)).Distinct()));
        Assert.Equal((2, 0), (_origin.Answers, Turns(gateway)));
    }

    [Fact]
    public async Task Answers_that_are_not_kept_are_waited_for_once_only()
    {
        var usual = _origin.Answer;
        _origin.Answer = (http, number) =>
        {
            http.Response.Headers.SetCookie = "session=1";
            return usual(http, number);
        };
        await using var gateway = await StartAsync();
        var all = Ask(gateway, 5);
        await IsWaitedForAsync(gateway);
        _goes.Release();
        await Eventually.HoldsAsync(() => _origin.Answers == 5, "the others ask, too");
        _goes.Release(10);

        Assert.Equal(5, (await Task.WhenAll(all)).Distinct().Count());
        var more = Ask(gateway, 5);
        Assert.Equal(5, (await Task.WhenAll(more)).Distinct().Count());
        Assert.Equal((10, 0), (_origin.Answers, Turns(gateway)));
    }

    [Fact]
    public async Task Wait_is_bounded()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMilliseconds(50));
        var all = Ask(gateway, 3);

        await Eventually.HoldsAsync(() => _origin.Answers == 3, "each asks for itself in the end");
        _goes.Release(3);

        Assert.Equal(3, (await Task.WhenAll(all)).Distinct().Count());
    }

    [Theory]
    [InlineData("Range", "bytes=0-1")]
    [InlineData("If-None-Match", "\"x\"")]
    public async Task Request_that_leaves_nothing_neither_waits_nor_is_waited_for(string name, string value)
    {
        await using var gateway = await StartAsync();
        var all = Enumerable.Range(0, 3).Select(_ => gateway.GetTextAsync("/a/x", request => request.Headers.TryAddWithoutValidation(name, value))).ToArray();

        await Eventually.HoldsAsync(() => _origin.Answers == 3, "each asks");
        _goes.Release(3);
        await Task.WhenAll(all);
    }

    private static int Turns(TestGateway gateway) => ((Refills)gateway.Get<IRefills>()).Count;

    private static Task<string>[] Ask(TestGateway gateway, int times) => [.. Enumerable.Range(0, times).Select(_ => gateway.GetTextAsync("/a/x"))];

    private async Task IsWaitedForAsync(TestGateway gateway)
    {
        await Eventually.HoldsAsync(() => _origin.Answers == 1 && Turns(gateway) == 1, "the backend is asked");
        // Whoever comes later finds the response: the test holds in either order.
        Assert.Equal(1, _origin.Answers);
    }

    private Task<TestGateway> StartAsync(TimeSpan? wait = null) =>
        CacheEdge.StartAsync(_origin, options: new EdgeOptions { Cache = new() { RefillWait = wait ?? TimeSpan.FromSeconds(60) } });
}
