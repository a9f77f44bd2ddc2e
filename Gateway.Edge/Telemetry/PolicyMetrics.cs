using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Gateway.Edge.Telemetry;

/// <summary>The metrics of <c>emit-metric</c>. Documents can name any number, so only so many are kept; the values of further ones are dropped and that is said once.</summary>
internal sealed partial class PolicyMetrics(ILogger<PolicyMetrics> logger) : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Gateway.Policies";

    /// <summary>Metrics at most.</summary>
    public const int Maximum = 500;

    // Without bounds of buckets it is count, sum, least and greatest value.
    private static readonly InstrumentAdvice<double> s_noBuckets = new() { HistogramBucketBoundaries = [] };

    private readonly Meter _meter = new(Name);
    private readonly ConcurrentDictionary<string, Histogram<double>> _metrics = new(StringComparer.Ordinal);
    private int _hasSaid;

    /// <summary>Adds a value.</summary>
    public void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_metrics.TryGetValue(name, out var metric) || TryMake(name, out metric))
        {
            metric.Record(value, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    private bool TryMake(string name, out Histogram<double> metric)
    {
        metric = null!;
        if (_metrics.Count >= Maximum)
        {
            if (Interlocked.Exchange(ref _hasSaid, 1) == 0)
            {
                Log.Full(logger, Maximum, name);
            }

            return false;
        }

        metric = _metrics.GetOrAdd(name, wanted => _meter.CreateHistogram(Usable(wanted), null, "Of policies: emit-metric.", advice: s_noBuckets));
        return true;
    }

    /// <summary>Exporters leave out metrics with other names.</summary>
    private static string Usable(string name)
    {
        var usable = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '.' or '-' or '/' or '_' ? source[i] : '_';
            }
        });
        return char.IsAsciiLetter(usable[0]) ? usable : $"m{usable}";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Policies emit more than {Maximum} metrics: {Name}, and any further one, is dropped until this edge starts anew.")]
        public static partial void Full(ILogger logger, int maximum, string name);
    }
}
