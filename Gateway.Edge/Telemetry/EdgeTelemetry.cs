using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Contracts.Nodes;
using Gateway.Edge.Requests;

namespace Gateway.Edge.Telemetry;

/// <summary>The names under which the edge can be watched.</summary>
public static class EdgeTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Gateway.Edge";

    private const string MethodTag = "http.request.method";
    private const string StatusTag = "http.response.status_code";
    private const string ApiTag = "gateway.api.id";
    private const string OperationTag = "gateway.operation.id";
    private const string OtherMethod = "_OTHER";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>The bounds of the node reports' latencies, in seconds: the defaults are meant for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Bounds = new()
    {
        HistogramBucketBoundaries = [.. NodeReport.LatencyBounds.Select(milliseconds => milliseconds / 1000)],
    };

    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        "http.server.request.duration", "s", "Duration of requests to the gateway; its count is the number of requests.", advice: Bounds);

    private static readonly Histogram<double> BackendDuration = Meter.CreateHistogram(
        "gateway.backend.duration", "s", "Time that backends took to begin their answers.", advice: Bounds);

    private static readonly Counter<long> AccessLogDrops = Meter.CreateCounter<long>(
        "gateway.access_log.dropped", "{line}", "Access log lines that were dropped because the output did not keep up.");

    /// <summary>A counter of another feature.</summary>
    internal static Counter<long> CountOf(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    /// <summary>Begins the span of a request; null when nobody listens.</summary>
    internal static Activity? StartRequest(HttpContext http)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var parent = default(ActivityContext);
        if (Activity.Current is null)
        {
            var headers = http.Request.Headers;
            _ = ActivityContext.TryParse(headers.TraceParent.ToString(), headers.TraceState.ToString(), isRemote: true, out parent);
        }

        return Source.StartActivity("gateway.request", ActivityKind.Server, parent);
    }

    /// <summary>Completes the span of a request. Its path is not in it: metrics and spans hold only what an operator named.</summary>
    internal static void Describe(Activity activity, in RequestRecord record)
    {
        activity.SetTag(MethodTag, MethodName(record.Method));
        activity.SetTag(StatusTag, StatusOf(record.Status));
        activity.SetTag(ApiTag, record.ApiId);
        activity.SetTag(OperationTag, record.OperationId);
        if (record.Status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetStatus(ActivityStatusCode.Error, record.ErrorReason);
        }
    }

    /// <summary>Measures a request.</summary>
    internal static void Measure(in RequestRecord record)
    {
        if (!RequestDuration.Enabled && !BackendDuration.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { MethodTag, MethodName(record.Method) },
            { StatusTag, StatusOf(record.Status) },
            { ApiTag, record.ApiId },
            { OperationTag, record.OperationId },
        };
        RequestDuration.Record(record.Duration.TotalSeconds, in tags);
        if (record.BackendDuration is { } waited)
        {
            BackendDuration.Record(waited.TotalSeconds, in tags);
        }
    }

    /// <summary>Counts access log lines that were dropped.</summary>
    internal static void CountDrops(long lines) => AccessLogDrops.Add(lines);

    private static object StatusOf(int status) => (uint)status < (uint)Statuses.Length ? Statuses[status] : status;

    /// <summary>Clients may send any method: one that is not known is not a name for a series.</summary>
    private static string MethodName(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" => method,
        _ => OtherMethod,
    };
}
