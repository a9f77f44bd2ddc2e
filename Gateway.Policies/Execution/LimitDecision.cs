namespace Gateway.Policies.Execution;

/// <summary>Whether a limit lets a request pass.</summary>
public enum LimitVerdict
{
    /// <summary>It passes, and is counted.</summary>
    Admitted,

    /// <summary>The limit is reached.</summary>
    Exceeded,

    /// <summary>Nobody who knows answered in time.</summary>
    Undecided,
}

/// <summary>A limit's word on one request.</summary>
public readonly record struct LimitDecision
{
    /// <summary>Whether it passes.</summary>
    public LimitVerdict Verdict { get; init; }

    /// <summary>What is left of the limit after this request; 0 unless it passes.</summary>
    public long Remaining { get; init; }

    /// <summary>Whole seconds, 1 and up, after which another try can pass, never less than that takes; 0 when it passes, or when none ever can.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Whole seconds until the quota's period ends, as far as is known; else 0.</summary>
    public int ResetAfterSeconds { get; init; }

    /// <summary>What was taken; null unless it passes, or where a limit in shadow has not decided.</summary>
    public LimitGrant? Grant { get; init; }
}
