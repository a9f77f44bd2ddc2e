namespace Gateway.Contracts.Counters;

/// <summary>All that an edge knows of the counters of one partition: what a partition that has lost its memory starts from.</summary>
[GenerateSerializer, Immutable, Alias("gw.CounterEcho")]
public sealed record CounterEcho
{
    /// <summary>This life of the edge.</summary>
    [Id(0)] public required Guid Edge { get; init; }

    /// <summary>The counters of which the edge holds tokens, or has spent some within their window.</summary>
    [Id(1)] public required CounterMemory[] Counters { get; init; }
}

/// <summary>What one edge holds and has spent of one counter.</summary>
[GenerateSerializer, Immutable, Alias("gw.CounterMemory")]
public sealed record CounterMemory
{
    /// <summary>The counter.</summary>
    [Id(0)] public required CounterId Counter { get; init; }

    /// <summary>What it allows.</summary>
    [Id(1)] public required CounterDefinition Definition { get; init; }

    /// <summary>Tokens held and not spent. They stay valid until their own deadline.</summary>
    [Id(2)] public long Held { get; init; }

    /// <summary>When the held ones end, from now, on the edge's clock.</summary>
    [Id(3)] public int HeldForMilliseconds { get; init; }

    /// <summary>Tokens spent within the window and 2 % more, since clocks run at different paces; reported or not.</summary>
    [Id(4)] public SpendMemory[] Spent { get; init; } = [];

    /// <summary>Its share for times without silos, as <see cref="EscrowClaim.Tokens"/>.</summary>
    [Id(5)] public long Escrow { get; init; }
}

/// <summary>Tokens spent in a short stretch of time.</summary>
/// <param name="AgeMilliseconds">How long ago its last one was, never more than that.</param>
/// <param name="Count">How many.</param>
[GenerateSerializer, Immutable, Alias("gw.SpendMemory")]
public readonly record struct SpendMemory([property: Id(0)] int AgeMilliseconds, [property: Id(1)] long Count);
