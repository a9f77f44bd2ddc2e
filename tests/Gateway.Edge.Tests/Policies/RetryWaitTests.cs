using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Policies;

/// <summary>How long <c>retry</c> waits between tries, by a clock that a test moves.</summary>
public sealed class RetryWaitTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("interval=\"7\"", "7 7 7")]
    [InlineData("interval=\"7\" first-fast-retry=\"false\"", "7 7 7")]
    [InlineData("interval=\"7\" first-fast-retry=\"true\"", "7 7")]
    [InlineData("interval=\"10\" delta=\"5\"", "10 15 20 25")]
    [InlineData("interval=\"10\" delta=\"5\" first-fast-retry=\"true\"", "15 20 25")]
    [InlineData("interval=\"10\" max-interval=\"4\"", "4 4")]
    [InlineData("interval=\"4\" max-interval=\"10\"", "4 4")]
    [InlineData("interval=\"1\" delta=\"10\" max-interval=\"100\"", "9-13 25-37 57-85 100 100")]
    [InlineData("interval=\"1\" delta=\"10\" max-interval=\"100\" first-fast-retry=\"true\"", "25-37 57-85 100")]
    [InlineData("interval=\"50\" delta=\"10\" max-interval=\"20\"", "20 20")]
    [InlineData("interval=\"@(context.Api.Id.Length + 1)\" delta=\"@(3)\" first-fast-retry=\"@(context.Api.Id == \"a\")\"", "5 8")]
    [InlineData("interval=\"@(9)\" max-interval=\"@(3)\"", "3 3")]
    public async Task Wait_before_each_further_try_is_what_the_policy_says(string attributes, string expected)
    {
        var time = new WatchedTime();
        var waits = expected.Split(' ');
        var isFast = attributes.Contains("first-fast-retry=\"true\"", StringComparison.Ordinal) || attributes.Contains("first-fast-retry=\"@", StringComparison.Ordinal);
        var count = waits.Length + (isFast ? 1 : 0);
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: $"<retry condition=\"@(context.Response.StatusCode == 503)\" count=\"{count}\" {attributes}><forward-request timeout=\"4000\" /></retry>", time: time);
        _backend.Failures = int.MaxValue;

        var answer = gateway.GetAsync("/a/flaky");

        foreach (var (i, wait) in waits.Index())
        {
            await Eventually.HoldsAsync(() => time.Waits.Count == i + 1, $"wait {i + 1} has begun");
            var begun = time.Waits.Last();
            Assert.Equal(i + 1 + (isFast ? 1 : 0), _backend.Requests);
            var bounds = wait.Split('-').Select(bound => double.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(begun.TotalSeconds, bounds[0], bounds[^1]);
            time.Advance(begun);
        }

        using var response = await answer;
        Assert.Equal((503, count + 1), ((int)response.StatusCode, _backend.Requests));
    }

    [Fact]
    public async Task Client_that_goes_away_ends_the_wait()
    {
        var time = new WatchedTime();
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: "<retry condition=\"@(context.Response.StatusCode == 503)\" count=\"3\" interval=\"60\"><forward-request timeout=\"4000\" /></retry>", time: time);
        _backend.Failures = int.MaxValue;
        using var leaving = new CancellationTokenSource();
        var answer = gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/a/flaky")), leaving.Token);
        await Eventually.HoldsAsync(() => time.Waits.Count == 1, "the wait has begun");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await gateway.NothingIsLeftAsync();
        Assert.Equal(1, _backend.Requests);
    }

    /// <summary>Notes what is waited for, but for what comes again and again and for the patience with a backend.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period == Timeout.InfiniteTimeSpan && dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(200))
            {
                Waits.Enqueue(dueTime);
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
