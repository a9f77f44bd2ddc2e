using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary>Metrics and traces leave for an OTLP collector, and no key goes with them.</summary>
public sealed class When_a_collector_is_named
{
    [Fact]
    public async Task A_request_is_seen_there_as_metrics_and_as_a_trace()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await OtlpCollector.StartAsync();
        await using var up = await UpProcess.StartAsync(folder.In("d"), new Dictionary<string, string>
        {
            ["Gateway__Telemetry__OtlpEndpoint"] = collector.Url,
            ["Gateway__Telemetry__ExportPeriod"] = "500ms",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        using var client = Http.Client(up.Run.CaFile);
        using var pets = await Http.GetAsync(client, $"{up.Run.Gateway}/petstore/pets", up.SampleKey);
        Assert.Equal(200, (int)pets.StatusCode);

        await Poll.UntilAsync(
            () => collector.Got("metrics", "http.server.request.duration") && collector.Got("trace", "petstore"),
            UpProcess.Patience,
            () => $"{collector}\n{up.Process.Errors}");
        Assert.False(collector.Got("metrics", up.SampleKey));
        Assert.False(collector.Got("trace", up.SampleKey));
    }
}
