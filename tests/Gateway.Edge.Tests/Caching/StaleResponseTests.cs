using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

/// <summary>Responses that are used after their duration while another is made.</summary>
public sealed class StaleResponseTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData(59, "answer 1")]
    [InlineData(61, "answer 2")]
    [InlineData(89, "answer 2")]
    [InlineData(91, "answer 2")]
    public async Task One_request_alone_gets_a_new_one_when_it_is_old(int seconds, string expected)
    {
        await using var gateway = await StartAsync();
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));

        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData(61, true)]
    [InlineData(91, false)]
    public async Task Others_use_the_old_one_within_its_time_and_wait_after_it(int seconds, bool isUsed)
    {
        var goes = new TaskCompletionSource();
        await using var gateway = await StartAsync();
        await gateway.GetTextAsync("/a/x");
        _origin.Answer = async (http, number) =>
        {
            await goes.Task;
            await http.Response.WriteAsync($"answer {number}");
        };
        _time.Advance(TimeSpan.FromSeconds(seconds));
        var making = gateway.GetTextAsync("/a/x");
        await Eventually.HoldsAsync(() => _origin.Answers == 2, "a new one is asked for");

        var asked = gateway.GetAsync("/a/x");
        if (isUsed)
        {
            await asked;
        }

        goes.SetResult();
        Assert.Equal("answer 2", await making);
        using var other = await asked;
        Assert.Equal(isUsed ? ("answer 1", TimeSpan.FromSeconds(seconds)) : ("answer 2", TimeSpan.Zero), (await other.Content.ReadAsStringAsync(), other.Headers.Age));
        Assert.Equal("must-revalidate, max-age=60, private", other.Headers.CacheControl!.ToString());
        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(2, _origin.Answers);
    }

    [Fact]
    public async Task Failure_to_get_a_new_one_leaves_the_old_one_to_others()
    {
        await using var gateway = await StartAsync();
        await gateway.GetTextAsync("/a/x");
        _time.Advance(TimeSpan.FromSeconds(61));
        _origin.Answer = (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        using var failed = await gateway.GetAsync("/a/x");
        Assert.InRange((int)failed.StatusCode, 500, 599);

        // Who may not leave a new one uses the old one.
        using var part = await gateway.GetAsync("/a/x", request => request.Headers.TryAddWithoutValidation("Range", "bytes=0-5"));
        Assert.Equal("answer", await part.Content.ReadAsStringAsync());
    }

    private Task<TestGateway> StartAsync() => CacheEdge.StartAsync(
        _origin,
        $"<cache-lookup {CacheEdge.Attributes} downstream-caching-type=\"private\" />",
        """<cache-store duration="60" stale-while-revalidate="@(30)" />""",
        time: _time);
}
