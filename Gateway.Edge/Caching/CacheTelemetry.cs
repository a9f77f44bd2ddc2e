using System.Diagnostics.Metrics;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Caching;

namespace Gateway.Edge.Caching;

/// <summary>What can be watched of the cache on this edge.</summary>
internal static class CacheTelemetry
{
    private const string Result = "result";
    private const string Api = "gateway.api.id";

    private static readonly Meter Meter = new(EdgeTelemetry.Name);

    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>(
        "gateway.cache.lookups", "{request}", "Requests that looked for a cached response.");

    private static readonly Counter<long> Values = Meter.CreateCounter<long>(
        "gateway.cache.value_lookups", "{lookup}", "Look-ups of cached values.");

    private static readonly Counter<long> Refills = Meter.CreateCounter<long>(
        "gateway.cache.refills", "{response}", "Responses that requests left in the cache.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "gateway.cache.bytes", "By", "Bytes of responses that were left in the cache, and of bodies that were sent from it.");

    private static readonly KeyValuePair<string, object?> Kept = new("direction", "kept");

    private static readonly KeyValuePair<string, object?> Sent = new("direction", "sent");

    private static readonly Counter<long> Waits = Meter.CreateCounter<long>(
        "gateway.cache.refill_waits", "{wait}", "Times that a request waited for another that makes what it misses.");

    private static readonly Counter<long> Drops = Meter.CreateCounter<long>(
        "gateway.cache.store_drops", "{entry}", "Entries that were not written to a store, because too many were on their way.");

    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>(
        "gateway.cache.evictions", "{entry}", "Entries that went from memory to make room for others.");

    private static readonly Histogram<double> StoreDuration = Meter.CreateHistogram(
        "gateway.cache.store_duration", "s", "Time that stores took.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] });

    /// <summary>Found in memory.</summary>
    public static KeyValuePair<string, object?> Memory { get; } = new(Result, "memory");

    /// <summary>Found in a store.</summary>
    public static KeyValuePair<string, object?> Store { get; } = new(Result, "store");

    /// <summary>Found, and old.</summary>
    public static KeyValuePair<string, object?> Stale { get; } = new(Result, "stale");

    /// <summary>Not found.</summary>
    public static KeyValuePair<string, object?> Miss { get; } = new(Result, "miss");

    /// <summary>Lets the memory that is taken be seen.</summary>
    public static Meter Watch(CacheMemory memory)
    {
        var meter = new Meter(EdgeTelemetry.Name);
        meter.CreateObservableGauge("gateway.cache.memory", () => memory.Bytes, "By", "Memory that cached responses and values take.");
        return meter;
    }

    /// <summary>Counts what came of looking for a response.</summary>
    public static void Count(in RequestRecord record)
    {
        if (record.Cache == CacheResult.None)
        {
            return;
        }

        Lookups.Add(1, record.Cache switch { CacheResult.Memory => Memory, CacheResult.Store => Store, CacheResult.Stale => Stale, _ => Miss }, new(Api, record.ApiId));
        if (record.Cache != CacheResult.Miss)
        {
            Bytes.Add(record.ResponseSize ?? 0, Sent, new(Api, record.ApiId));
        }
        else if (record.CachedBytes > 0)
        {
            Refills.Add(1, new KeyValuePair<string, object?>(Api, record.ApiId));
            Bytes.Add(record.CachedBytes, Kept, new(Api, record.ApiId));
        }
    }

    /// <summary>Counts a look-up of a value.</summary>
    public static void CountValue(KeyValuePair<string, object?> result) => Values.Add(1, result);

    /// <summary>Counts a request that waits for another.</summary>
    public static void CountWait() => Waits.Add(1);

    /// <summary>Counts an entry that was not written.</summary>
    public static void CountDrop() => Drops.Add(1);

    /// <summary>Counts an entry that made room.</summary>
    public static void CountEviction() => Evictions.Add(1);

    /// <summary>Measures a command.</summary>
    public static void MeasureStore(string command, TimeSpan duration, bool isAnswered) =>
        StoreDuration.Record(duration.TotalSeconds, new("command", command), new("outcome", isAnswered ? "answered" : "unanswered"));
}
