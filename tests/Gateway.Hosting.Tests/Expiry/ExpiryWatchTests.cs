using System.Diagnostics.Metrics;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Data;
using Gateway.Hosting.Expiry;
using Gateway.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Hosting.Tests.Expiry;

public sealed class ExpiryWatchTests : IDisposable, IExpirySource
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<(LogLevel Level, string Text)> _said = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ExpiryWatch _watch;
    private DateTimeOffset _end;

    public ExpiryWatchTests()
    {
        _end = _time.GetUtcNow().AddDays(31);
        var environment = new NodeEnvironment { Role = NodeRole.Edge, Data = DataFolder.Held(Path.GetTempPath()), Time = _time };
        _watch = new ExpiryWatch([this], environment, _services.GetRequiredService<IMeterFactory>(), new Recorder(_said));
    }

    [Fact]
    public void End_IsSaidThirtySevenAndOneDaysBefore_AndWhenItIsThere_OnceEach()
    {
        for (var hour = 0; hour < 33 * 24; hour++)
        {
            _watch.Look();
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(
            [
                (LogLevel.Warning, "The token ends in 30 days, at 2026-02-01 00:00:00Z: renew it."),
                (LogLevel.Warning, "The token ends in 7 days, at 2026-02-01 00:00:00Z: renew it."),
                (LogLevel.Error, "The token ends in 1 day, at 2026-02-01 00:00:00Z: renew it."),
                (LogLevel.Error, "The token ends in 0 days, at 2026-02-01 00:00:00Z: renew it."),
            ],
            _said);
    }

    [Fact]
    public void NodeThatStartsLate_SaysItAtOnce_AndSaysNoMoreWhenItIsRenewed()
    {
        _time.Advance(TimeSpan.FromDays(32));
        _watch.Look();
        Assert.Equal((LogLevel.Error, "The token ended at 2026-02-01 00:00:00Z: renew it."), Assert.Single(_said));
        Assert.Contains("renew it", Assert.Single(_watch.Describe(Report()).Remarks), StringComparison.Ordinal);

        _end = _time.GetUtcNow().AddDays(90);
        _watch.Look();

        Assert.Single(_said);
        Assert.Empty(_watch.Describe(Report()).Remarks);
    }

    [Fact]
    public void Metric_HasTheSecondsLeft()
    {
        double? left = null;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "gateway.expiry" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                listener.EnableMeasurementEvents(instrument);
            }
        } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => left = tags[0].Value as string == "token" ? value : null);
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(TimeSpan.FromDays(31).TotalSeconds, left);
    }

    public IEnumerable<ExpiringThing> Expiries() => [new ExpiringThing("token", "the token", _end)];

    public void Dispose()
    {
        _watch.Dispose();
        _services.Dispose();
    }

    private static NodeReport Report() => new()
    {
        Name = "n", Role = NodeRole.Edge, Gateway = "managed", Version = "1", State = NodeState.Ready, StartedAt = default,
    };

    private sealed class Recorder(List<(LogLevel, string)> said) : ILogger<ExpiryWatch>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Add((logLevel, formatter(state, exception)));
    }
}
