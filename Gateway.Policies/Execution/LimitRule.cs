using Gateway.Policies.Documents;

namespace Gateway.Policies.Execution;

/// <summary>
/// What a limit allows and whose calls it counts together: one object per limit of a policy document, so that its counter is found by
/// reference. Its text and place are not part of the counter's name: a changed limit goes on with the same count.
/// </summary>
public sealed class LimitRule
{
    /// <summary>The policy's name.</summary>
    public string Policy { get; init; } = "";

    /// <summary>What is counted, and in what window.</summary>
    public LimitKind Kind { get; init; }

    /// <summary>Calls, or KB, in any span of <see cref="PeriodSeconds"/>, of a quota in each period; 1 and up.</summary>
    public required int Calls { get; init; }

    /// <summary>The length of the sliding window, 1 to 300 seconds; of a quota that of its periods, 0 for one that never ends.</summary>
    public required int PeriodSeconds { get; init; }

    /// <summary>When the first period of a quota starts; null for that of the caller's subscription. Of no meaning for a rate limit.</summary>
    public DateTimeOffset? FirstPeriodStart { get; init; }

    /// <summary>The scope of its document: the counter is that of the caller's subscription within the product, API or operation of that scope.</summary>
    public PolicyScope Scope { get; init; }

    /// <summary>The part of the scope that is counted on its own: an API or an operation; null for the scope as a whole.</summary>
    public PolicyScope? Part { get; init; }

    /// <summary>False where an expression gave the numbers: then the last one to ask decides, else the newest publication.</summary>
    public bool IsPublished { get; init; } = true;

    /// <summary>What an edge without any silo does; null for the host's setting.</summary>
    public LimitOutage? OnOutage { get; init; }

    /// <summary>True: requests that it would refuse pass, and are counted and reported. Nobody waits for it.</summary>
    public bool IsShadow { get; init; }
}

/// <summary>What a limit counts, and in what window.</summary>
public enum LimitKind
{
    /// <summary>Calls in a window that slides.</summary>
    Rate,

    /// <summary>Calls in fixed periods.</summary>
    CallQuota,

    /// <summary>KB of requests and responses in fixed periods.</summary>
    BandwidthQuota,
}

/// <summary>What an edge without any silo does with a limit whose tokens are spent.</summary>
public enum LimitOutage
{
    /// <summary>Spends its share of what was last known to remain.</summary>
    LastSeen,

    /// <summary>Refuses with 503.</summary>
    Closed,

    /// <summary>Lets everything pass.</summary>
    Open,

    /// <summary>Spends the share that the others leave it; of a rate limit only.</summary>
    Escrow,
}
