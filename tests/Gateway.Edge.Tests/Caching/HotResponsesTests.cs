using Gateway.Contracts.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Caching;

public sealed class HotResponsesTests
{
    [Fact]
    public async Task What_requests_look_for_most_is_told_to_the_silos()
    {
        await using var origin = await OriginServer.StartAsync();
        var region = new SharedRegion();
        await using var gateway = await CacheEdge.StartAsync(
            origin, options: new EdgeOptions { NodeName = "edge-1", Cache = new() { EpochLife = TimeSpan.FromSeconds(10), ReportPeriod = TimeSpan.FromMilliseconds(500) } }, regions: _ => region);

        HotResponse[] hottest = [];
        await Eventually.HoldsAsync(
            () =>
            {
                // More keys than are told, each once, and one that is wanted again and again.
                foreach (var path in Enumerable.Range(0, 40).SelectMany(i => (string[])["/a/hot?q=secret", $"/a/{Guid.NewGuid()}"]))
                {
                    gateway.GetTextAsync(path).GetAwaiter().GetResult();
                }

                hottest = region.Use is { } use && use.Responses.Length > 0 ? use.Responses : hottest;
                return hottest.Length > 1 && hottest[0].Path == "/a/hot";
            },
            "the hottest is told first");

        Assert.Equal(("a", "* /*", "edge-1"), (hottest[0].Api, hottest[0].Operation, region.Use!.Node));
        Assert.True(hottest[0].RequestsPerSecond > hottest[1].RequestsPerSecond);
        Assert.InRange(hottest[0].HitsPerSecond / hottest[0].RequestsPerSecond, 0.5, 1);
        Assert.Equal(0, hottest[1].HitsPerSecond);
        Assert.InRange(hottest.Length, 2, CacheUse.MaximumResponses);
    }
}
