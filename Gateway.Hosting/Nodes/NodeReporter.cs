using Gateway.Contracts.Catalog;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Nodes;

/// <summary>
/// Tells the site about this node: a sign of life each <c>Gateway:Nodes:BeatPeriod</c>, a full report each
/// <c>Gateway:Nodes:HeartbeatPeriod</c> and when something changed, and good-bye at the stop.
/// </summary>
public sealed partial class NodeReporter(
    IGrainFactory grains,
    GatewaySettings settings,
    NodeEnvironment environment,
    IEnumerable<INodeStatusSource> sources,
    ILogger<NodeReporter> logger) : BackgroundService
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeBound = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = environment.Time;
    private readonly DateTimeOffset _startedAt = environment.Time.GetUtcNow();
    private readonly string _key = NodeKeys.Of(environment.Role, settings.NodeName);

    private NodeReport? _reported;
    private long _reportedAt;
    private long _heardAt;
    private bool _unheard = true;

    // Asked for at each use: before its first connection a client knows no grain, and asking throws.
    private INodeGrain Node => grains.GetGrain<INodeGrain>(_key);

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SendAsync(() => Node.Report(Describe() with { State = NodeState.Gone }).WaitAsync(GoodbyeBound, _time, cancellationToken));
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(settings.Nodes.BeatPeriod < LongestLook ? settings.Nodes.BeatPeriod : LongestLook, _time);
        do
        {
            await SendAsync(LookAsync);
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

    private async Task LookAsync()
    {
        var report = Describe();
        if (_reported is null || _time.GetElapsedTime(_reportedAt) >= settings.Nodes.HeartbeatPeriod || Changed(_reported, report))
        {
            await ReportAsync(report);
        }
        else if (_time.GetElapsedTime(_heardAt) >= settings.Nodes.BeatPeriod)
        {
            var wanted = await Node.Beat(new NodeBeat(report.StartedAt, report.State, report.Publication));
            _heardAt = _time.GetTimestamp();
            if (wanted)
            {
                await ReportAsync(report);
            }
        }
    }

    private async Task ReportAsync(NodeReport report)
    {
        await Node.Report(report);
        _reported = report;
        _reportedAt = _heardAt = _time.GetTimestamp();
    }

    private NodeReport Describe()
    {
        var reasons = environment.Readiness.Reasons();
        var report = new NodeReport
        {
            Name = settings.NodeName,
            Role = environment.Role,
            Gateway = environment.Role == NodeRole.Edge ? settings.GatewayId : CatalogKeys.ManagedGateway,
            Version = HostVersion.Text,
            State = environment.Readiness.IsDraining ? NodeState.Draining : reasons.Length == 0 ? NodeState.Ready : NodeState.Starting,
            StartedAt = _startedAt,
            Labels = environment.Role == NodeRole.Edge ? settings.Edge.Labels : [],
            Remarks = reasons,
        };
        return sources.Aggregate(report, (described, source) => source.Describe(described));
    }

    private static bool Changed(NodeReport before, NodeReport now) =>
        before.State != now.State || before.Publication != now.Publication || !before.Remarks.SequenceEqual(now.Remarks);

    // A silo that does not answer is the normal case of an outage: the next look tries again, and the log says it once.
    private async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
            if (_unheard)
            {
                Log.Heard(logger);
            }

            _unheard = false;
        }
        catch (Exception failure)
        {
            if (!_unheard)
            {
                Log.Unheard(logger, failure.GetType().Name, failure.Message);
            }

            _unheard = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The site does not hear of this node now ({Kind}: {Reason}); trying again.")]
        public static partial void Unheard(ILogger logger, string kind, string reason);

        [LoggerMessage(2, LogLevel.Information, "The site hears of this node.")]
        public static partial void Heard(ILogger logger);
    }
}
