namespace Gateway.Contracts.Counters;

/// <summary>
/// One of the site's partitions of counters; key: its number, 0 to 255. It lends slices of each counter's allowance to edges. The sum of what is
/// lent and what was spent within any window never exceeds the limit, whatever one fault happens.
/// </summary>
[Alias("gw.ICounterPartitionGrain")]
public interface ICounterPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Asks for tokens, reports spends and gives tokens back.</summary>
    [Alias("Acquire"), ResponseTimeout("00:00:05")]
    Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken);
}

/// <summary>An edge as partitions see it.</summary>
[Alias("gw.ICounterEdge")]
public interface ICounterEdge : IGrainObserver
{
    /// <summary>
    /// Other edges wait for tokens, or a count was set: give back what is not needed at once, by an <see cref="ICounterPartitionGrain.Acquire"/> that states what
    /// is still held, and forget that the counter was spent. A lost call only costs waiting for the end of the lease; one of another epoch is ignored.
    /// </summary>
    [Alias("Recall"), OneWay]
    Task Recall(int partition, long epoch, CounterId[] counters);

    /// <summary>
    /// A partition has lost its memory, or does not know this edge, and asks for the edge's. From then on the edge spends only what this answer says it
    /// holds, under the given epoch; everything spent counts as reported. Asked again under the same epoch it answers anew, and reports also what was spent since the first answer, as that may
    /// be the one that counts; a smaller epoch than the one
    /// known comes from a partition that has been replaced, and is answered without counters and without effect.
    /// </summary>
    [Alias("Echo"), ResponseTimeout("00:00:01")]
    Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken);
}
