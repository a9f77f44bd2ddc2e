namespace Gateway.Contracts.Rollouts;

/// <summary>How new publications of a gateway are tried by a share of its edges before all get them.</summary>
[GenerateSerializer, Immutable, Alias("gw.RolloutRule")]
public sealed record RolloutRule
{
    /// <summary>The name of the label of the edges that get new publications first (<c>Gateway:Edge:Labels:NAME=VALUE</c>).</summary>
    [Id(0)] public required string Label { get; init; }

    /// <summary>Its value on these edges.</summary>
    [Id(1)] public required string Value { get; init; }

    /// <summary>The share of answers of 500 and up, from 0 to 1, above which a publication is taken back.</summary>
    [Id(2)] public double MaximumErrorRate { get; init; }

    /// <summary>For how long these edges must have run a publication before all get it.</summary>
    [Id(3)] public TimeSpan Watch { get; init; }

    /// <summary>Answers of these edges under the new publication from which the share of errors counts; with fewer nothing is taken back for it.</summary>
    [Id(4)] public int MinimumRequests { get; init; }
}
