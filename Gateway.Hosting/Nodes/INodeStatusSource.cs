using Gateway.Contracts.Nodes;

namespace Gateway.Hosting.Nodes;

/// <summary>A feature that knows something about its node: the publication in force, counts, latencies, a limitation it runs under. Registered as one of many.</summary>
public interface INodeStatusSource
{
    /// <summary>The report with what this feature knows filled in. Answers from memory; asked about once a second.</summary>
    NodeReport Describe(NodeReport report);
}
