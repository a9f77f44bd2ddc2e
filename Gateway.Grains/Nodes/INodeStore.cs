using Gateway.Contracts.Nodes;

namespace Gateway.Grains.Nodes;

/// <summary>Where the site's list of nodes outlives its grain.</summary>
internal interface INodeStore
{
    /// <summary>All nodes stored; one that cannot be read is left out.</summary>
    Task<NodeStatus[]> ReadAsync();

    /// <summary>Stores and deletes by key.</summary>
    Task WriteAsync(KeyValuePair<string, NodeStatus>[] changed, string[] forgotten);
}
