namespace Gateway.Policies.Expressions.Api;

/// <summary>A subscription. Gateways hold hashes of its two keys only, so they know a key when a client presents it.</summary>
public interface ISubscription
{
    /// <summary>When it was made, in universal time.</summary>
    DateTime CreatedDate { get; }

    /// <summary>When it ended, or when it is said to end, in universal time; null when that is not known.</summary>
    DateTime? EndDate { get; }

    /// <summary>The subscription's id.</summary>
    string Id { get; }

    /// <summary>The key that the client presented.</summary>
    string Key { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>The primary key when it is the one that the client presented; null when the other one was.</summary>
    string? PrimaryKey { get; }

    /// <summary>The secondary key when it is the one that the client presented; null when the other one was.</summary>
    string? SecondaryKey { get; }

    /// <summary>When it was activated, in universal time; null when that is not known.</summary>
    DateTime? StartDate { get; }
}
