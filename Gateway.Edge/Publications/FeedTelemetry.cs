using System.Diagnostics.Metrics;
using Gateway.Edge.Telemetry;

namespace Gateway.Edge.Publications;

/// <summary>What can be watched of the feed.</summary>
internal static class FeedTelemetry
{
    private static readonly Meter Meter = new(EdgeTelemetry.Name);

    private static readonly Counter<long> Rejections = Meter.CreateCounter<long>(
        "publication.rejected", description: "Publications that this edge was offered and did not put in force.");

    /// <summary>Lets be seen how far this edge lags behind.</summary>
    public static Meter Watch(FeedState state)
    {
        var meter = new Meter(EdgeTelemetry.Name);
        meter.CreateObservableGauge(
            "publication.lag", () => state.Lag.TotalSeconds, "s", "For how long this edge has known of a newer publication than it runs; 0 when it knows of none.");
        return meter;
    }

    /// <summary>Counts one.</summary>
    public static void CountRejection() => Rejections.Add(1);
}
