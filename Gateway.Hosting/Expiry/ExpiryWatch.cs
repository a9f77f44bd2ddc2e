using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Expiry;

/// <summary>
/// Says of everything that ends when it will: a metric always, a line in the log 30, 7 and 1 days before and when it has ended, and a remark in the node's report from 30 days before.
/// </summary>
public sealed partial class ExpiryWatch : BackgroundService, INodeStatusSource
{
    private static readonly int[] _days = [30, 7, 1];
    private static readonly TimeSpan _period = TimeSpan.FromMinutes(1);

    private readonly IExpirySource[] _sources;
    private readonly TimeProvider _time;
    private readonly ILogger<ExpiryWatch> _logger;
    private readonly Dictionary<(string Name, DateTimeOffset ExpiresAt), int> _said = [];

    /// <summary>Watches what the features of this process rely on.</summary>
    public ExpiryWatch(IEnumerable<IExpirySource> sources, NodeEnvironment environment, IMeterFactory meters, ILogger<ExpiryWatch> logger)
    {
        (_sources, _time, _logger) = ([.. sources], environment.Time, logger);
        meters.Create("Gateway.Expiry").CreateObservableGauge(
            "gateway.expiry",
            () => All().Select(thing => new Measurement<double>((thing.ExpiresAt - _time.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("what", thing.Name))),
            "s",
            "How long until something that this node relies on ends: a certificate, a token, a key. Negative when it has.");
    }

    /// <inheritdoc />
    public NodeReport Describe(NodeReport report)
    {
        var now = _time.GetUtcNow();
        return report with { Remarks = [.. report.Remarks, .. All().Where(thing => thing.ExpiresAt - now <= TimeSpan.FromDays(_days[0])).Select(thing => Sentence(thing, now))] };
    }

    /// <summary>Says what is to be said now.</summary>
    public void Look()
    {
        var now = _time.GetUtcNow();
        foreach (var thing in All())
        {
            var left = thing.ExpiresAt - now;
            var level = left <= TimeSpan.Zero ? _days.Length + 1 : _days.Count(days => left <= TimeSpan.FromDays(days));
            if (level > _said.GetValueOrDefault((thing.Name, thing.ExpiresAt)))
            {
                _said[(thing.Name, thing.ExpiresAt)] = level;
                Log.Ends(_logger, left <= TimeSpan.FromDays(1) ? LogLevel.Error : LogLevel.Warning, Sentence(thing, now));
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, _time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    // To the day, so that a remark changes once a day and not with every report.
    private static string Sentence(ExpiringThing thing, DateTimeOffset now)
    {
        var days = (int)Math.Floor((thing.ExpiresAt - now).TotalDays);
        var when = thing.ExpiresAt.ToString("u", CultureInfo.InvariantCulture);
        return days < 0 ? $"{Capital(thing.Description)} ended at {when}: renew it."
            : $"{Capital(thing.Description)} ends in {days} {(days == 1 ? "day" : "days")}, at {when}: renew it.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private IEnumerable<ExpiringThing> All() => _sources.SelectMany(source => source.Expiries());

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Sentence}")]
        public static partial void Ends(ILogger logger, LogLevel level, string sentence);
    }
}
