using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Expiry;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;

namespace Gateway.Silo.Federation;

/// <summary>
/// Keeps the grain that follows the hub at work, wherever it lives, and knows how the site stands. A silo of a site without anything to serve is not
/// ready; one that has a copy stays ready and says what is wrong.
/// </summary>
internal sealed partial class UpstreamWatch : BackgroundService, IReadinessSource, INodeStatusSource, IExpirySource
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _late = TimeSpan.FromDays(1);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<UpstreamWatch> _logger;
    private volatile UpstreamStatus? _status;
    private bool _isUnknown;

    /// <summary>A watch that knows nothing yet.</summary>
    public UpstreamWatch(IGrainFactory grains, NodeEnvironment environment, IMeterFactory meters, ILogger<UpstreamWatch> logger)
    {
        (_grains, _time, _logger) = (grains, environment.Time, logger);
        var meter = meters.Create("Gateway.Federation");
        meter.CreateObservableGauge("gateway.upstream.connected", () => _status is { IsConnected: true } ? 1 : 0, description: "1 while the hub answers as it should.");
    }

    /// <inheritdoc />
    public IEnumerable<string> Reasons() => _status switch
    {
        null => ["How the site stands to its hub is not known yet."],
        { Publication: null } status => [$"The site has no publication of its hub yet. {status.Fault ?? "It is being fetched."}"],
        _ => [],
    };

    /// <inheritdoc />
    public IEnumerable<string> Remarks() => _status is { Publication: not null } status ? [.. FaultRemark(), .. TokenRemark(status)] : [];

    /// <inheritdoc />
    /// <remarks>When the token ends is said by whoever watches over what ends.</remarks>
    public NodeReport Describe(NodeReport report) => report with { Remarks = [.. report.Remarks, .. FaultRemark()] };

    /// <inheritdoc />
    public IEnumerable<ExpiringThing> Expiries() =>
        _status?.TokenExpiry is { } expiry ? [new ExpiringThing("gateway_token", "the gateway token for the hub (Gateway:Upstream)", expiry)] : [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(_period, _time);
        do
        {
            try
            {
                _status = await _grains.GetGrain<IUpstreamGrain>(CatalogKeys.Service).Status();
                _isUnknown = false;
            }
            catch (Exception failure)
            {
                // What was known last is still the best word there is.
                if (!_isUnknown)
                {
                    Log.Unknown(_logger, failure.Message);
                }

                _isUnknown = true;
            }
        }
        while (await NextAsync(look, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer look, CancellationToken stoppingToken)
    {
        try
        {
            return await look.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private IEnumerable<string> FaultRemark() => _status is { Publication: { } publication, Fault: { } fault } ? [$"Publication {publication} of the hub is served on. {fault}"] : [];

    private IEnumerable<string> TokenRemark(UpstreamStatus status)
    {
        if (status.TokenExpiry is { } expiry && expiry - _time.GetUtcNow() is var left && left < _late)
        {
            yield return left > TimeSpan.Zero
                ? string.Create(CultureInfo.InvariantCulture, $"The gateway token ends at {expiry:u}; generateToken of the hub makes another.")
                : string.Create(CultureInfo.InvariantCulture, $"The gateway token ended at {expiry:u}; generateToken of the hub makes another.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "How the site stands to its hub is not known now ({Reason}); asking again.")]
        public static partial void Unknown(ILogger logger, string reason);
    }
}
