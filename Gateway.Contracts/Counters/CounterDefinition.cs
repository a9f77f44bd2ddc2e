using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Counters;

/// <summary>What a counter allows, as the caller's publication says; the partition uses the newest and keeps the count.</summary>
[GenerateSerializer, Immutable, Alias("gw.CounterDefinition")]
public sealed record CounterDefinition
{
    /// <summary>Calls (or, of a quota of bandwidth, KB) in any span of <see cref="PeriodMilliseconds"/>, or in each period of a quota; 1 and up.</summary>
    [Id(0)] public required long Limit { get; init; }

    /// <summary>The length of the sliding window, 1,000 to 300,000; 0 for a quota, and for requests at the same time.</summary>
    [Id(1)] public required int PeriodMilliseconds { get; init; }

    /// <summary>The publication that it comes from; null for one that an expression made, where the last one to ask decides.</summary>
    [Id(2)] public PublicationId? Publication { get; init; }

    /// <summary>The fixed periods of a quota; null for a rate limit, whose window slides. Part of the counter's identity: it never changes.</summary>
    [Id(3)] public QuotaPeriod? Quota { get; init; }

    /// <summary>True for requests at the same time: so many places, each with one edge. Part of the counter's identity.</summary>
    [Id(4)] public bool IsConcurrency { get; init; }
}

/// <summary>Fixed periods, one after the other without gaps.</summary>
/// <param name="Seconds">The length of each, 1 and up; 0 for one that never ends.</param>
/// <param name="FirstStart">When the first one starts; the others follow from it in both directions.</param>
[GenerateSerializer, Immutable, Alias("gw.QuotaPeriod")]
public sealed record QuotaPeriod([property: Id(0)] long Seconds, [property: Id(1)] DateTimeOffset FirstStart);
