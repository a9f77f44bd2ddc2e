using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>A request that waits for tokens.</summary>
internal sealed class TokenWaiter(in TokenWish wish) : TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>What it wants.</summary>
    public TokenWish Wish { get; } = wish;

    /// <summary>How many tokens.</summary>
    public long Count => Wish.Count;
}

/// <summary>What a request wants of a counter.</summary>
/// <param name="Count">How many tokens, all or none.</param>
/// <param name="IsEstimate">True when it says at its end what it has used.</param>
/// <param name="OnOutage">What becomes of it in an outage.</param>
/// <param name="Until">When it stops waiting; 0 before it began.</param>
internal readonly record struct TokenWish(long Count, bool IsEstimate, LimitOutage OnOutage, long Until = 0);
