using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>The words of a limit.</summary>
internal static class Decisions
{
    /// <summary>Nobody who knows answered in time.</summary>
    public static LimitDecision Undecided { get; } = new() { Verdict = LimitVerdict.Undecided, RetryAfterSeconds = 1 };

    /// <summary>The request passes.</summary>
    public static LimitDecision Admit(LimitGrant grant, long remaining) =>
        new() { Verdict = LimitVerdict.Admitted, Grant = grant, Remaining = Math.Max(0, remaining) };

    /// <summary>The lease that a request's token comes from; null when it does not pass.</summary>
    public static Lease? LeaseOf(in LimitDecision decision) => decision.Grant is AdmissionStamp stamp ? stamp.Lease : (Lease?)decision.Grant;

    /// <summary>The request does not pass; nothing does before that many milliseconds are over.</summary>
    public static LimitDecision Deny(long milliseconds) =>
        new() { Verdict = LimitVerdict.Exceeded, RetryAfterSeconds = (int)Math.Max(1, (milliseconds + 999) / 1000) };
}
