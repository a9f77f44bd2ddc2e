using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters;

/// <summary>Lends the allowances of one partition's counters.</summary>
internal sealed class CounterPartitionGrain(CounterOptions options, MonotonicTime time, CounterTelemetry telemetry) : Grain, ICounterPartitionGrain
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, ICounterEdge> _edges = [];
    private CounterPartition _partition = null!;

    private int Number => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyLong() is < 0 or >= CounterId.Partitions)
        {
            throw new ArgumentException($"There is no partition {this.GetPrimaryKeyLong()}.");
        }

        _partition = new CounterPartition(1, options.MaxPerPartition);
        this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(SweepPeriod, SweepPeriod));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken)
    {
        _edges[call.Edge] = call.Observer;
        var answer = _partition.Acquire(time.Now, call);
        telemetry.Count(answer);
        if (answer.NeedsEcho)
        {
            var echo = await call.Observer.Echo(Number, _partition.Epoch, cancellationToken);
            _partition.Learn(time.Now, call.Edge, echo.Counters);
        }

        Recall(answer);
        return answer.Lease;
    }

    private void Recall(PartitionAnswer answer)
    {
        foreach (var recall in answer.Recalls?.GroupBy(recall => recall.Edge, recall => recall.Counter) ?? [])
        {
            if (_edges.TryGetValue(recall.Key, out var edge))
            {
                edge.Recall(Number, _partition.Epoch, [.. recall]).Ignore();
                telemetry.CountRecalls(1);
            }
        }
    }

    private Task Sweep()
    {
        telemetry.CountStranded(_partition.Sweep(time.Now));
        return Task.CompletedTask;
    }
}
