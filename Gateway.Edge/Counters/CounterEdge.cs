using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>What partitions call.</summary>
internal sealed class CounterEdge(LimitTable limits, CounterSite site) : ICounterEdge
{
    /// <inheritdoc />
    public Task Recall(int partition, long epoch, CounterId[] counters)
    {
        limits.Partitions[partition].Recall(epoch, counters);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken) =>
        Task.FromResult(new CounterEcho { Edge = site.Edge, Counters = limits.Partitions[partition].Echo(epoch) });
}
