using System.Diagnostics.Metrics;
using Gateway.Grains.Counters;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>One set of instruments for all silos of all runs. A run is one thread, so that what is counted on it belongs to it.</summary>
internal static class SiloTelemetry
{
    [ThreadStatic]
    private static long _cut;

    [ThreadStatic]
    private static long _recalls;

    /// <summary>The instruments.</summary>
    public static CounterTelemetry Shared { get; } = Listen();

    /// <summary>Reports of edges that claimed to hold more than was lent, on this thread.</summary>
    public static long Cut => _cut;

    /// <summary>Calls to edges for their tokens, on this thread.</summary>
    public static long Recalls => _recalls;

    public static void Reset() => (_cut, _recalls) = (0, 0);

    private static CounterTelemetry Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name is "gateway.counters.reports_cut" or "gateway.counters.recalls")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (instrument, count, _, _) =>
        {
            if (instrument.Name == "gateway.counters.recalls")
            {
                _recalls += count;
            }
            else
            {
                _cut += count;
            }
        });
        listener.Start();
        return new CounterTelemetry(new Meters());
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
