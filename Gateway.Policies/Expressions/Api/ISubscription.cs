namespace Gateway.Policies.Expressions.Api;

/// <summary>A subscription. Its two keys are not known to gateways, which hold their hashes only.</summary>
public interface ISubscription
{
    /// <summary>When it was made, in universal time.</summary>
    DateTime CreatedDate { get; }

    /// <summary>The subscription's id.</summary>
    string Id { get; }

    /// <summary>The key that the client presented.</summary>
    string Key { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }
}
