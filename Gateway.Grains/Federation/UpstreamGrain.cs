using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Grains.Publications;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Federation;

/// <inheritdoc cref="IUpstreamGrain" />
/// <remarks>Reentrant: its questions to the hub take as long as the hub lets them wait.</remarks>
[Reentrant]
internal sealed partial class UpstreamGrain(HubPullerFactory pullers, UpstreamOptions options, TimeProvider time, ILogger<UpstreamGrain> logger) : Grain, IUpstreamGrain
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _firstHeartbeat = TimeSpan.FromSeconds(1);

    private readonly Dictionary<PublicationId, PublicationId> _origins = [];
    private HubPuller _puller = null!;
    private bool _isUntold;

    private string[] Gateways => [.. new[] { CatalogKeys.ManagedGateway, options.EdgeGateway }.Distinct(StringComparer.Ordinal)];

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _puller = pullers.Create();
        this.RegisterGrainTimer(PullAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = _pause, Interleave = true, KeepAlive = true });
        this.RegisterGrainTimer(TellAsync, new GrainTimerCreationOptions
        {
            DueTime = _firstHeartbeat < options.HeartbeatPeriod ? _firstHeartbeat : options.HeartbeatPeriod, Period = options.HeartbeatPeriod, Interleave = true,
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _puller?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<UpstreamStatus> Status() => Task.FromResult(_puller.Status);

    /// <inheritdoc />
    public Task Reset()
    {
        _puller.Reset();
        return Task.CompletedTask;
    }

    // Fetching and checking are work for the thread pool; only what follows is the grain's.
    private async Task PullAsync(CancellationToken cancellationToken)
    {
        if (await Task.Run(() => _puller.PullAsync(cancellationToken), cancellationToken) && _puller.Status.Publication is { } publication)
        {
            foreach (var gateway in Gateways)
            {
                await GrainFactory.GetGrain<IPublicationGrain>(gateway).CatalogChanged(publication.Number);
            }
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        try
        {
            var heartbeat = await DescribeAsync(cancellationToken);
            await Task.Run(() => _puller.TellAsync(heartbeat, cancellationToken), cancellationToken);
            _isUntold = false;
        }
        catch (Exception failure) when (failure is HubException or TimeoutException or OrleansException)
        {
            if (!_isUntold)
            {
                Log.Untold(logger, failure.Message);
            }

            _isUntold = true;
        }
    }

    private async Task<SiteHeartbeat> DescribeAsync(CancellationToken cancellationToken)
    {
        var site = GrainFactory.GetGrain<ISiteGrain>(CatalogKeys.Service);
        var nodes = new Dictionary<string, NodeStatus>(StringComparer.Ordinal);
        foreach (var gateway in Gateways)
        {
            await NoteOriginAsync(gateway, cancellationToken);
            foreach (var node in await site.Nodes(gateway, cancellationToken))
            {
                nodes[NodeKeys.Of(node.Report.Role, node.Report.Name)] = node;
            }
        }

        var now = time.GetUtcNow();
        NodeStatus[] all = [.. nodes.Values.Where(node => node.Report.Site is null).Take(SiteHeartbeat.MaximumNodes)];
        return new SiteHeartbeat
        {
            Nodes = Array.ConvertAll(all, node => node.Report with { Publication = Origin(node.Report.Publication), Rejected = Origin(node.Report.Rejected) }),
            SilentSeconds = Array.ConvertAll(all, node => Math.Max(0, (now - node.LastSeen).TotalSeconds)),
        };
    }

    private PublicationId? Origin(PublicationId? running) => running is { } id && _origins.TryGetValue(id, out var origin) ? origin : null;

    private async Task NoteOriginAsync(string gateway, CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IPublicationGrain>(gateway).Current(cancellationToken) is { } signed
            && System.Text.Json.JsonSerializer.Deserialize(signed.Payload, PublicationJson.Default.Manifest) is { Origin: { } origin } manifest)
        {
            if (_origins.Count >= Retention.Manifests * 2)
            {
                _origins.Clear();
            }

            _origins[manifest.Id] = origin;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The hub is not told of this site's nodes: {Reason}")]
        public static partial void Untold(ILogger logger, string reason);
    }
}
