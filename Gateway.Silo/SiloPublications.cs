using Gateway.Contracts.Nodes;
using Gateway.Grains.Publications;
using Gateway.Hosting.Nodes;

namespace Gateway.Silo;

/// <summary>Says in the silo's report what of the catalog it cannot publish. The silo stays ready: only its management API can mend that.</summary>
internal sealed class SiloPublications(PublicationFaults faults) : INodeStatusSource
{
    /// <inheritdoc />
    public NodeReport Describe(NodeReport report) => report with { Remarks = [.. report.Remarks, .. faults.All] };
}
