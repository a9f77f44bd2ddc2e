using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Telemetry;

/// <summary>What can be watched. Alone, because listeners hear the whole process.</summary>
[Collection(nameof(EdgeTelemetryTests))]
public sealed class EdgeTelemetryTests : IAsyncLifetime
{
    private TestBackend _backend = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("metered", _backend.Url)] });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Span_continues_the_clients_trace_and_is_the_parent_of_the_backends()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdgeTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        var echo = await _gateway.GetTextAsync("/metered/echo", request =>
        {
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.Add("tracestate", "vendor=1");
        });
        await Eventually.HoldsAsync(() => spans.Count > 0, "the span ends");

        var span = Assert.Single(spans);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToString());
        Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToString());
        Assert.Equal("metered", span.GetTagItem("gateway.api.id"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Contains($"\ntraceparent: {span.Id}\n", echo);
        Assert.Contains("\ntracestate: vendor=1\n", echo);
    }

    [Fact]
    public async Task Requests_are_measured_by_api_operation_and_status()
    {
        var measured = new List<(string Instrument, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EdgeTelemetry.Name && instrument.Name is ("http.server.request.duration" or "gateway.backend.duration"))
            {
                Assert.Equal(0.005, ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries?[0]);
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            // Gateways of other tests measure at the same time.
            var own = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            lock (measured)
            {
                if (Equals(own.GetValueOrDefault("gateway.api.id"), "metered") || Equals(own.GetValueOrDefault("http.request.method"), "_OTHER"))
                {
                    measured.Add((instrument.Name, own));
                }
            }
        });
        listener.Start();

        using (await _gateway.GetAsync("/metered/json"))
        using (await _gateway.SendAsync(new HttpMethod("MADE-UP"), "/none"))
        {
        }

        await Eventually.HoldsAsync(() => { lock (measured) { return measured.Count == 3; } }, "three measurements");
        var served = measured.Single(one => one.Instrument == "http.server.request.duration" && Equals(one.Tags["http.response.status_code"], 200));
        Assert.Equal("metered", served.Tags["gateway.api.id"]);
        Assert.Equal("* /*", served.Tags["gateway.operation.id"]);
        Assert.Equal("GET", served.Tags["http.request.method"]);
        var refused = measured.Single(one => Equals(one.Tags["http.response.status_code"], 404));
        Assert.Equal("_OTHER", refused.Tags["http.request.method"]);
        Assert.Single(measured, one => one.Instrument == "gateway.backend.duration");
    }

    [Fact]
    public async Task Statistics_count_what_was_answered()
    {
        using (await _gateway.GetAsync("/metered/json"))
        using (await _gateway.GetAsync("/metered/status/503"))
        using (await _gateway.GetAsync("/none"))
        using (await _gateway.GetAsync("/status-0123456789abcdef"))
        {
        }

        var statistics = _gateway.Get<EdgeStatistics>();
        await Eventually.HoldsAsync(() => statistics.Requests == 3, "three requests are counted");
        Assert.Equal(1, statistics.Errors);
        Assert.Equal(Contracts.Nodes.NodeReport.LatencyBounds.Count + 1, statistics.LatencyCounts.Length);
        Assert.Equal(3, statistics.LatencyCounts.Sum());
    }
}

/// <summary>Keeps the tests that listen to the process for themselves.</summary>
[CollectionDefinition(nameof(EdgeTelemetryTests), DisableParallelization = true)]
public sealed class EdgeTelemetryCollection;
