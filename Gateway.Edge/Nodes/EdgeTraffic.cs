using Gateway.Contracts.Nodes;
using Gateway.Edge.Requests;
using Gateway.Hosting.Nodes;

namespace Gateway.Edge.Nodes;

/// <summary>Puts what this edge has answered into its node's report.</summary>
internal sealed class EdgeTraffic(EdgeStatistics statistics) : INodeStatusSource
{
    /// <inheritdoc />
    public NodeReport Describe(NodeReport report) => report with
    {
        Requests = statistics.Requests,
        Errors = statistics.Errors,
        LatencyCounts = statistics.LatencyCounts,
    };
}
