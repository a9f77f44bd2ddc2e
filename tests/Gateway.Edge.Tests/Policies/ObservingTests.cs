using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Edge.Telemetry;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Logging;

namespace Gateway.Edge.Tests.Policies;

public sealed class ObservingTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("""<dimension name="API ID" /><dimension name="Client" value="@(context.Request.IpAddress)" />""", "value=\"2.5\"", 2.5, "namespace=API Management,API ID=a,Client=127.0.0.1")]
    [InlineData("""<dimension name="Operation ID" /><dimension name="Gateway ID" /><dimension name="Unknown" />""", "namespace=\"mine\"", 1.0, "namespace=mine,Operation ID=* /*,Gateway ID=managed")]
    [InlineData("""<dimension name="Product ID" /><dimension name="User ID" /><dimension name="Subscription ID" />""", "value=\"@(context.Api.Id.Length + 0.5)\"", 1.5, "namespace=API Management,Product ID=,User ID=,Subscription ID=")]
    public async Task Metric_is_emitted_with_its_dimensions(string dimensions, string attributes, double value, string tags)
    {
        var name = $"Test metric {Guid.NewGuid():N}";
        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PolicyMetrics.Name && instrument.Name == name.Replace(' ', '_'))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, measured, pairs, _) =>
        {
            lock (found)
            {
                found.Add($"{measured} {string.Join(',', pairs.ToArray().Select(pair => $"{pair.Key}={pair.Value}"))}");
            }
        });
        listener.Start();
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: $"<emit-metric name=\"{name}\" {attributes}>{dimensions}</emit-metric>");

        await gateway.GetTextAsync("/a/json");
        await gateway.GetTextAsync("/a/json");

        Assert.Equal([$"{value} {tags}", $"{value} {tags}"], found);
    }

    [Fact]
    public async Task Trace_is_an_event_of_the_span()
    {
        var events = new List<ActivityEvent>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdgeTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (events)
                {
                    events.AddRange(activity.Events.Where(e => e.Tags.Any(tag => tag is { Key: "gateway.trace.source", Value: "here" })));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<trace source="@("he" + "re")" severity="@("error")"><message>@("to " + context.Request.Method)</message><metadata name="key" value="@(context.Api.Id)" /></trace><trace source="here">plain</trace>""");

        await gateway.GetTextAsync("/a/json");

        await Eventually.HoldsAsync(() => events.Count == 2, "both are events");
        Assert.Equal(
            ["gateway.trace.source=here", "gateway.trace.severity=error", "gateway.trace.message=to GET", "gateway.trace.metadata.key=a"],
            events[0].Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Equal(
            ["gateway.trace.source=here", "gateway.trace.severity=verbose", "gateway.trace.message=plain"], events[1].Tags.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [Theory]
    [InlineData(TraceSeverity.Verbose, LogLevel.Debug)]
    [InlineData(TraceSeverity.Information, LogLevel.Information)]
    [InlineData(TraceSeverity.Error, LogLevel.Error)]
    public void Trace_is_a_line_of_the_log(TraceSeverity severity, LogLevel level)
    {
        var log = new Lines();

        new PolicyTraces(log).Write(new(severity, "who", new string('x', 10_000), [new("k", "v")]), Guid.Empty, "api", "get");

        var (at, text) = Assert.Single(log.All);
        Assert.Equal(level, at);
        Assert.Equal($"who: {new string('x', PolicyTraces.MaximumLength)} (request {Guid.Empty}, API api, operation get; k=v)", text);
    }

    private sealed class Lines : ILogger<PolicyTraces>
    {
        public List<(LogLevel Level, string Text)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((logLevel, formatter(state, exception)));
    }
}
