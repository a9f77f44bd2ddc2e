using System.Diagnostics;
using Gateway.Edge.AccessLog;
using Gateway.Edge.Caching;
using Gateway.Edge.Telemetry;

namespace Gateway.Edge.Requests;

/// <summary>Hands the record of a request to all who derive something from it.</summary>
internal sealed class RequestObserver(AccessLogQueue log, EdgeStatistics statistics)
{
    /// <summary>Called once per request, at its end.</summary>
    public void Observe(in RequestRecord record, Activity? activity)
    {
        statistics.Count(in record);
        EdgeTelemetry.Measure(in record);
        CacheTelemetry.Count(in record);
        if (activity is not null)
        {
            EdgeTelemetry.Describe(activity, in record);
        }

        log.Write(in record);
    }
}
