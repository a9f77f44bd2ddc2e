using System.Diagnostics.Metrics;
using Gateway.Edge.Counters;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>What an operator sees of limits.</summary>
public sealed class LimitTelemetryTests
{
    [Theory]
    [InlineData(LimitOutage.LastSeen, "last_seen")]
    [InlineData(LimitOutage.Closed, "closed")]
    [InlineData(LimitOutage.Escrow, "escrow")]
    [InlineData(LimitOutage.Open, "open")]
    public async Task Mode_WithAndWithoutSilos_IsShown(LimitOutage onOutage, string mode)
    {
        var modes = new Dictionary<string, int>();
        var counters = 0;
        using var limits = new LimitHarness(new CounterOptions { OnOutage = onOutage });
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, limits.Limits.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "gateway.limits.mode")
            {
                modes[(string)tags[0].Value!] = value;
            }
            else if (instrument.Name == "gateway.limits.counters")
            {
                counters = value;
            }
        });
        listener.Start();
        limits.Silo.GrantAtLeast(1);
        await limits.DecideAsync();

        listener.RecordObservableInstruments();
        Assert.Equal((1, 0, 1), (modes["strict"], modes[mode], counters));
        Assert.Equal(EdgeTelemetry.Name, limits.Limits.Meter.Name);

        limits.Contact.NotifyClusterConnectionLost();
        limits.Advance(3100);
        listener.RecordObservableInstruments();
        Assert.Equal((0, 1), (modes["strict"], modes[mode]));
    }
}
