using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>A request that waits for a token.</summary>
internal sealed class TokenWaiter(long until, LimitOutage onOutage) : TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>When it stops waiting.</summary>
    public long Until { get; } = until;

    /// <summary>What becomes of it in an outage.</summary>
    public LimitOutage OnOutage { get; } = onOutage;
}
