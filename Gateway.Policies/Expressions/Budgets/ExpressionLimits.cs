namespace Gateway.Policies.Expressions.Budgets;

/// <summary>What the expressions of one request may use, all together.</summary>
public sealed record ExpressionLimits
{
    /// <summary>The limits where nothing else is said.</summary>
    public static ExpressionLimits Default { get; } = new();

    /// <summary>Processor time. 1 second.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory that is allocated, whether or not it is soon free again, in bytes. 64 MB.</summary>
    public long AllocatedBytes { get; init; } = 64L << 20;

    /// <summary>Rounds of loops and calls of lambdas and local functions. 10 million.</summary>
    public long Steps { get; init; } = 10_000_000;

    /// <summary>The time of one match of a regular expression. 500 ms.</summary>
    public TimeSpan MatchTime { get; init; } = TimeSpan.FromMilliseconds(500);
}
