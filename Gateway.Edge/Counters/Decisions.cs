using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>The words of a limit.</summary>
internal static class Decisions
{
    /// <summary>Nobody who knows answered in time.</summary>
    public static LimitDecision Undecided { get; } = new() { Verdict = LimitVerdict.Undecided, RetryAfterSeconds = 1 };

    /// <summary>The request passes.</summary>
    public static LimitDecision Admit(LimitGrant grant, long remaining, int resetAfter = 0) =>
        new() { Verdict = LimitVerdict.Admitted, Grant = grant, Remaining = Math.Max(0, remaining), ResetAfterSeconds = resetAfter };

    /// <summary>A limit in shadow lets a request pass about which it has no good word, or none yet.</summary>
    public static LimitDecision Pass { get; } = new() { Verdict = LimitVerdict.Admitted };

    /// <summary>What a request's tokens come from; null when it does not pass.</summary>
    public static EdgeGrant? GrantOf(in LimitDecision decision) => (decision.Grant as Reservation)?.Grant ?? (EdgeGrant?)decision.Grant;

    /// <summary>The request does not pass; nothing does before so many seconds are over, 0 for never.</summary>
    public static LimitDecision Deny(int seconds) => new() { Verdict = LimitVerdict.Exceeded, RetryAfterSeconds = seconds };
}
