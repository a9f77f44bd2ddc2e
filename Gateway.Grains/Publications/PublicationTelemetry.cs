using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Gateway.Grains.Publications;

/// <summary>How far edges lag behind, as metrics of the silo that feeds them.</summary>
internal sealed class PublicationTelemetry
{
    private readonly ConcurrentDictionary<string, double> _lags = new(StringComparer.Ordinal);

    public PublicationTelemetry(IMeterFactory meters) => meters.Create("Gateway.Publications").CreateObservableGauge(
        "publication.lag",
        () => _lags.Select(lag => new Measurement<double>(lag.Value, new KeyValuePair<string, object?>("gateway", lag.Key))),
        "s",
        "For how long the slowest edge that polls has not run the publication in force; 0 when all do.");

    /// <summary>Notes how far a gateway's edges lag behind.</summary>
    public void Lags(string gateway, TimeSpan lag) => _lags[gateway] = lag.TotalSeconds;

    /// <summary>Another silo feeds them.</summary>
    public void Forget(string gateway) => _lags.TryRemove(gateway, out _);
}
