using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Counters;

/// <summary>What a counter allows, as the caller's publication says; the partition uses the newest and keeps the count.</summary>
[GenerateSerializer, Immutable, Alias("gw.CounterDefinition")]
public sealed record CounterDefinition
{
    /// <summary>Calls in any span of <see cref="PeriodMilliseconds"/>; 1 and up.</summary>
    [Id(0)] public required long Limit { get; init; }

    /// <summary>The length of the sliding window, 1,000 to 300,000.</summary>
    [Id(1)] public required int PeriodMilliseconds { get; init; }

    /// <summary>The publication that it comes from; null for one that an expression made, where the last one to ask decides.</summary>
    [Id(2)] public PublicationId? Publication { get; init; }
}
