using Gateway.Contracts.Catalog;
using Gateway.Contracts.Nodes;

namespace Gateway.Grains.Nodes;

/// <summary>Holds the last word of one node and hands it on. Nothing is stored here: a new activation asks the node for a report.</summary>
internal sealed class NodeGrain(NodeOptions options) : Grain, INodeGrain
{
    private NodeStatus? _status;

    public async Task Report(NodeReport report)
    {
        if (report.StartedAt < _status?.Report.StartedAt)
        {
            return;
        }

        _status = new NodeStatus(report, options.Time.GetUtcNow());
        await Site.Observe(_status);
    }

    public async Task<bool> Beat(NodeBeat beat)
    {
        if (_status is null || beat.StartedAt > _status.Report.StartedAt)
        {
            return true;
        }

        if (beat.StartedAt == _status.Report.StartedAt)
        {
            var report = _status.Report with { State = beat.State, Publication = beat.Publication };
            _status = new NodeStatus(report, options.Time.GetUtcNow());
            await Site.Observe(_status);
        }

        return false;
    }

    public Task<NodeStatus?> Get() => Task.FromResult(_status);

    private ISiteGrain Site => GrainFactory.GetGrain<ISiteGrain>(CatalogKeys.Service);
}
