namespace Gateway.Contracts.Nodes;

/// <summary>The last word of one node. Key: <see cref="NodeKeys.Of"/>.</summary>
[Alias("gw.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>A full report: each minute and on change.</summary>
    [Alias("Report")]
    Task Report(NodeReport report);

    /// <summary>A sign of life, at least each 5 s. True: send a full report, this side has none.</summary>
    [Alias("Beat")]
    Task<bool> Beat(NodeBeat beat);

    /// <summary>What is known; null when this node never reported.</summary>
    [Alias("Get")]
    Task<NodeStatus?> Get();
}

/// <summary>All nodes of the site. Key: <see cref="Catalog.CatalogKeys.Service"/>.</summary>
[Alias("gw.ISiteGrain")]
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Every node heard of, by name, with its state as of now.</summary>
    [Alias("Nodes")]
    Task<NodeStatus[]> Nodes(string gateway, CancellationToken cancellationToken);

    /// <summary>A node's grain hands on what it learned.</summary>
    [Alias("Observe")]
    Task Observe(NodeStatus status);
}
