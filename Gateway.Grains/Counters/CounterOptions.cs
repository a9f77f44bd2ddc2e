namespace Gateway.Grains.Counters;

/// <summary>Bounds and periods of the silo side of counters.</summary>
public sealed record CounterOptions
{
    /// <summary>Counters that one partition holds at most; a new one beyond that gets no tokens until others have run out.</summary>
    public int MaxPerPartition { get; init; } = 4096;

    /// <summary>How long a silo's right to lend tokens lasts without being renewed.</summary>
    public TimeSpan LeaseLife { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a silo renews it.</summary>
    public TimeSpan LeasePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes that a partition hands over; with more, the next holder asks the edges.</summary>
    public int MaxHandOver { get; init; } = 4 << 20;

    /// <summary>How often a silo looks whether partitions have to move.</summary>
    public TimeSpan BalancePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an edge that has not been heard of is kept in the list of edges.</summary>
    public TimeSpan ForgetEdgeAfter { get; init; } = TimeSpan.FromMinutes(10);
}
