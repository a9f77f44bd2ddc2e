using System.Diagnostics.Metrics;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>What can be watched of limits on this edge.</summary>
internal static class LimitTelemetry
{
    private const string Strict = "strict";

    private static readonly Meter Meter = new(EdgeTelemetry.Name);

    private static readonly InstrumentAdvice<double> Bounds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private static readonly Histogram<double> Wait = Meter.CreateHistogram(
        "gateway.limits.lease_wait", "s", "Time that requests waited for a token.", advice: Bounds);

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "gateway.limits.calls", "{call}", "Calls to partitions of the counters.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "gateway.limits.refusals", "{request}", "Requests that a limit refused.");

    private static readonly Counter<long> ShadowRefusals = Meter.CreateCounter<long>(
        "gateway.limits.shadow_refusals", "{request}", "Requests that a limit in shadow would have refused.");

    private static readonly KeyValuePair<string, object?> Answered = new("outcome", "answered");
    private static readonly KeyValuePair<string, object?> Unanswered = new("outcome", "unanswered");
    private static readonly KeyValuePair<string, object?> Exceeded = new("verdict", "exceeded");
    private static readonly KeyValuePair<string, object?> Undecided = new("verdict", "undecided");

    /// <summary>Lets be seen how many counters there are, and how limits are decided: <c>strict</c> with silos, else as their <c>on-outage</c> says.</summary>
    public static Meter Watch(CounterSite site, Func<long?> bound)
    {
        var meter = new Meter(EdgeTelemetry.Name);
        meter.CreateObservableGauge("gateway.limits.counters", () => site.Counters, "{counter}", "Counters that are kept.");
        meter.CreateObservableGauge("gateway.limits.waiting", () => site.Waiters, "{request}", "Requests that wait for a token.");
        meter.CreateObservableGauge(
            "gateway.limits.overadmit_bound", () => bound() ?? double.PositiveInfinity, "{request}", "What may pass without tokens in one window now; 0 with silos.");
        meter.CreateObservableGauge(
            "gateway.limits.mode", () => Modes(site), description: "1 for the way in which limits are decided: strict with silos, else last_seen, closed, escrow or open.");
        return meter;
    }

    /// <summary>Measures a wait.</summary>
    public static void MeasureWait(TimeSpan waited) => Wait.Record(waited.TotalSeconds);

    /// <summary>Counts a call.</summary>
    public static void CountCall(bool isAnswered) => Calls.Add(1, isAnswered ? Answered : Unanswered);

    /// <summary>Counts a refusal.</summary>
    public static void CountRefusal(LimitVerdict verdict, bool isShadow) =>
        (isShadow ? ShadowRefusals : Refusals).Add(1, verdict == LimitVerdict.Exceeded ? Exceeded : Undecided);

    /// <summary>How limits are decided now.</summary>
    public static string Mode(CounterSite site) => !site.Contact.IsOutage(site.Clock.Now) ? Strict : site.Options.OnOutage switch
    {
        LimitOutage.Closed => "closed",
        LimitOutage.Open => "open",
        LimitOutage.Escrow => "escrow",
        _ => "last_seen",
    };

    private static IEnumerable<Measurement<int>> Modes(CounterSite site)
    {
        var now = Mode(site);
        foreach (var mode in (string[])[Strict, "last_seen", "closed", "escrow", "open"])
        {
            yield return new(mode == now ? 1 : 0, new KeyValuePair<string, object?>("mode", mode));
        }
    }
}
