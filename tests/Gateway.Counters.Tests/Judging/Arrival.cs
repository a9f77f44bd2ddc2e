namespace Gateway.Counters.Tests.Judging;

/// <summary>A request at an edge.</summary>
/// <param name="At">When it came, in true time.</param>
/// <param name="Edge">The life of the edge.</param>
internal sealed record Arrival(long At, string Edge)
{
    /// <summary>When it was decided; null while it waits.</summary>
    public long? DecidedAt { get; set; }

    /// <summary>The word on it.</summary>
    public Gateway.Policies.Execution.LimitVerdict Verdict { get; set; }

    /// <summary>What a client is told to wait, when it is turned away.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>How many tokens it wants.</summary>
    public int Count { get; init; } = 1;

    /// <summary>When another limit denies it, which gives its tokens back; null when none does.</summary>
    public long? GivenBackAfter { get; init; }
}
