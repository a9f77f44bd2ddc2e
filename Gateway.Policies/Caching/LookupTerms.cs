using Gateway.Policies.Execution;

namespace Gateway.Policies.Caching;

/// <summary>What <c>cache-lookup</c> says for one request.</summary>
internal sealed record LookupTerms
{
    /// <summary>Which cache.</summary>
    public required CachingType Type { get; init; }

    /// <summary>True: each subscription has responses of its own.</summary>
    public required bool VaryBySubscription { get; init; }

    /// <summary>Request headers that tell responses apart.</summary>
    public required string[] Headers { get; init; }

    /// <summary>Query parameters that tell responses apart; empty for all of them.</summary>
    public required string[] QueryParameters { get; init; }

    /// <summary>True: requests with <c>Authorization</c>, and responses that are private, are cached as well.</summary>
    public required bool AllowPrivate { get; init; }

    /// <summary>Who may cache a response between the gateway and the client.</summary>
    public required DownstreamCaching Downstream { get; init; }

    /// <summary>True: whoever caches it there asks again once it is old.</summary>
    public required bool MustRevalidate { get; init; }
}

/// <summary>Who may cache a response between the gateway and the client.</summary>
internal enum DownstreamCaching
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The client.</summary>
    Private,

    /// <summary>The client, and caches before it.</summary>
    Public,
}
