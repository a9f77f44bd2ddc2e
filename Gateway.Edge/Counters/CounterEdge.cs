using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>What partitions call.</summary>
internal sealed class CounterEdge(LimitTable limits, CounterSite site) : ICounterEdge, ICounterEdgeView
{
    /// <inheritdoc />
    public Task Recall(int partition, long epoch, CounterId[] counters)
    {
        limits.Partitions[partition].Exchange.Recall(epoch, counters);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken) =>
        Task.FromResult(new CounterEcho { Edge = site.Edge, Counters = limits.Partitions[partition].Exchange.Echo(epoch) });

    /// <inheritdoc />
    public Task<EdgeLimits> Describe(CounterId[] counters, CancellationToken cancellationToken) => Task.FromResult(new EdgeLimits
    {
        Life = site.Edge,
        Node = site.Options.Node,
        Mode = LimitTelemetry.Mode(site),
        Waiting = site.Waiters,
        Bound = limits.Bound,
        Titles = counters.Length == 0 ? [] : limits.Titles(counters.Take(LimitsReport.Most).ToHashSet()),
    });
}
