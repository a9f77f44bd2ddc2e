namespace Gateway.Policies.Expressions.Api;

/// <summary>A gateway: all nodes of a site are one.</summary>
public interface IGateway
{
    /// <summary>The gateway's id; <c>managed</c> for the built-in one.</summary>
    string Id { get; }

    /// <summary>The name of the node that serves the request.</summary>
    string InstanceId { get; }

    /// <summary>True for the built-in gateway.</summary>
    bool IsManaged { get; }
}
