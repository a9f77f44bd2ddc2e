using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Edge.Telemetry;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
    [InlineData("""<dimension name="Location" /><dimension name="Backend ID" />""", "", 1.0, "namespace=API Management,Location=managed,Backend ID=one")]
    [InlineData("""<dimension name="Product ID" /><dimension name="Subscription ID" /><dimension name="User ID" /><dimension name="Product ID" value="mine" />""", "", 1.0, "namespace=API Management,Product ID=gold,Subscription ID=s1,User ID=ann,Product ID=mine", "s1-1")]
    public async Task Metric_is_emitted_with_its_dimensions(string dimensions, string attributes, double value, string tags, string? key = null)
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
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"<set-backend-service backend-id=\"one\" /><emit-metric name=\"{name}\" {attributes}>{dimensions}</emit-metric>",
            change: publication => publication with
            {
                Service = publication.Service with
                {
                    Backends = [new() { Id = "one", Url = _backend.Url }], Products = [new() { Id = "gold", DisplayName = "Gold", Apis = ["a"] }],
                },
                Subscriptions = [TestPublication.Subscription("s1", "/products/gold") with { OwnerId = "ann" }],
            });

        for (var i = 0; i < 2; i++)
        {
            await gateway.GetTextAsync("/a/json", request => request.Headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", key is null ? [] : [key]));
        }

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
            inbound: """<trace source="@("he" + "re")" severity="@("error")"><message>@("to " + context.Request.Method)</message><metadata name="key" value="@(context.Api.Id)" /></trace><trace source="here">plain</trace><trace source="here" severity="information"><message> more </message></trace>""");

        await gateway.GetTextAsync("/a/json");

        await Eventually.HoldsAsync(() => events.Count == 3, "all are events");
        Assert.Equal(
            ["gateway.trace.source=here", "gateway.trace.severity=error", "gateway.trace.message=to GET", "gateway.trace.metadata.key=a"],
            events[0].Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Equal(
            ["gateway.trace.source=here", "gateway.trace.severity=verbose", "gateway.trace.message=plain"], events[1].Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Equal(
            ["gateway.trace.source=here", "gateway.trace.severity=information", "gateway.trace.message=more"], events[2].Tags.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [Theory]
    [InlineData("severity=\"information\"", "Information here: to GET")]
    [InlineData("severity=\"@(\"error\")\"", "Error here: to GET")]
    [InlineData("severity=\"verbose\"", null)]
    [InlineData("", null)]
    public async Task Trace_policy_writes_to_the_log_of_the_edge_by_its_severity(string severity, string? expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<trace source=\"here\" {severity}><message>@(\"to \" + context.Request.Method)</message><metadata name=\"k\" value=\"@(context.Api.Id)\" /></trace>");
        var log = new Lines();
        using var provider = new OneLog(log);
        gateway.Get<ILoggerFactory>().AddProvider(provider);

        await gateway.GetTextAsync("/a/json");

        Assert.Equal(
            expected is null ? [] : [$"{expected} (request ID, API a, operation * /*; k=a)"],
            log.All.Where(line => line.Text.StartsWith("here", StringComparison.Ordinal)).Select(line => PolicyEdge.WithoutIds($"{line.Level} {line.Text}")));
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

    private sealed class OneLog(Lines lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => categoryName.EndsWith(nameof(PolicyTraces), StringComparison.Ordinal) ? lines : NullLogger.Instance;

        public void Dispose()
        {
        }
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
