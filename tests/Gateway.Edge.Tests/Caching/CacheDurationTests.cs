using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

/// <summary>How long <c>cache-store</c> keeps a response, where an expression says it.</summary>
public sealed class CacheDurationTests : IAsyncLifetime
{
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData("@(int.Parse(context.Response.Headers.GetValueOrDefault(\"X-Keep\")))", 29, "answer 1")]
    [InlineData("@(int.Parse(context.Response.Headers.GetValueOrDefault(\"X-Keep\")))", 31, "answer 2")]
    [InlineData("@(context.Response.Headers.GetValueOrDefault(\"X-Keep\"))", 31, "answer 2")]
    [InlineData("@(context.Api.Id.Length * 90)", 89, "answer 1")]
    [InlineData("@(context.Api.Id.Length * 90)", 91, "answer 2")]
    public async Task Response_is_kept_as_long_as_the_expression_says(string duration, int after, string expected)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        _origin.AnswerWith(("X-Keep", "30"));
        await using var gateway = await CacheEdge.StartAsync(_origin, outbound: $"<cache-store duration=\"{duration}\" />", time: time);
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));

        time.Advance(TimeSpan.FromSeconds(after));

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData("30", 29, "answer 1")]
    [InlineData("30", 31, "answer 2")]
    [InlineData("60", 59, "answer 1")]
    [InlineData("60", 61, "answer 2")]
    public async Task Branch_that_is_chosen_keeps_the_response(string keep, int after, string expected)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        _origin.AnswerWith(("X-Keep", keep));
        await using var gateway = await CacheEdge.StartAsync(_origin, time: time, outbound: """
            <choose>
              <when condition="@(context.Response.Headers.GetValueOrDefault("X-Keep") == "30")"><cache-store duration="30" /></when>
              <otherwise><cache-store duration="60" /></otherwise>
            </choose>
            """);
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));

        time.Advance(TimeSpan.FromSeconds(after));

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    [Fact]
    public async Task Duration_below_zero_fails_the_request()
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin, outbound: "<cache-store duration=\"@(-1)\" />", onError: "<set-body>@(context.LastError.Source + \" \" + context.LastError.Reason)</set-body>");

        Assert.Equal("cache-store ExpressionValueValidationFailure", await gateway.GetTextAsync("/a/x"));
    }
}
