namespace Gateway.Contracts.Nodes;

/// <summary>Keys of node grains. A silo and an edge may have the same name, such as that of their machine.</summary>
public static class NodeKeys
{
    /// <summary>The key of a node: <c>silo/NAME</c> or <c>edge/NAME</c>; of a node of another site with that in front.</summary>
    public static string Of(NodeRole role, string name, string? site = null) =>
        (site is null ? "" : site + "/") + (role == NodeRole.Silo ? "silo/" : "edge/") + name;
}
