namespace Gateway.Contracts.Nodes;

/// <summary>Keys of node grains. A silo and an edge may have the same name, such as that of their machine.</summary>
public static class NodeKeys
{
    /// <summary>The key of a node: <c>silo/NAME</c> or <c>edge/NAME</c>.</summary>
    public static string Of(NodeRole role, string name) => (role == NodeRole.Silo ? "silo/" : "edge/") + name;
}
