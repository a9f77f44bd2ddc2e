using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Placement;
using Gateway.Grains.Counters.Quotas;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Counters;

/// <summary>
/// Lends the allowances of one partition's counters. Reentrant: nobody waits for another's call to the store or to an edge, and with the partition
/// in hand a call is one turn without any.
/// </summary>
[Reentrant]
[CounterPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class CounterPartitionGrain(HoldingServices services, ILogger<CounterPartitionGrain> logger) : Grain, ICounterPartitionGrain, ICounterPartitionWake, IQuotaPartition
{
    private const long FarEpoch = 1L << 40;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    // A call waits this long for a partition on its way, so that an edge need not knock often.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Guid, ICounterEdge> _edges = [];
    private PartitionLearning _learning = null!;
    private PartitionHolding _holding = null!;
    private int _ticks;

    private int Number => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyLong() is < 0 or >= CounterId.Partitions)
        {
            throw new ArgumentException($"There is no partition {this.GetPrimaryKeyLong()}.");
        }

        _learning = new PartitionLearning(Number, services, logger);
        _holding = new PartitionHolding(Number, services, _learning, DeactivateOnIdle, logger);
        var scheduler = TaskScheduler.Current;
        services.Registry.Enter(Number, () => _ = Task.Factory.StartNew(DeactivateOnIdle, CancellationToken.None, TaskCreationOptions.None, scheduler));
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, TickPeriod) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        services.Registry.Exit(Number);
        if (_holding is not null)
        {
            await _holding.EndAsync();
        }
    }

    /// <inheritdoc />
    public async Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken)
    {
        _edges[call.Edge] = call.Observer;
        var listing = services.Edges.NoteAsync(call.Edge, call.Observer);
        if (!listing.IsCompletedSuccessfully)
        {
            await listing;
        }

        await TakeAsync(cancellationToken);
        return _holding.Usable(services.Time.Now) is { } partition ? Acquire(partition, call) : CounterPartition.NotReady(call.Epoch);
    }

    /// <inheritdoc />
    public Task Wake() => Task.CompletedTask;

    /// <inheritdoc />
    public async Task<QuotaView?> View(CounterId counter, CounterDefinition definition)
    {
        await TakeAsync(CancellationToken.None);
        return await _holding.QuotaAsync(counter, definition, null);
    }

    /// <inheritdoc />
    public async Task<QuotaView?> Set(CounterId counter, CounterDefinition definition, long count)
    {
        await TakeAsync(CancellationToken.None);
        var view = await _holding.QuotaAsync(counter, definition, count);
        if (view is not null && _holding.Usable(services.Time.Now) is { } partition)
        {
            foreach (var edge in _edges.Values)
            {
                edge.Recall(Number, partition.Epoch, [counter]).Ignore();
            }

            services.Telemetry.CountRecalls(_edges.Count);
        }

        return view;
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_holding.Usable(services.Time.Now) is null)
        {
            await _holding.TakeAsync().WaitAsync(Patience, services.Clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private LeaseAnswer Acquire(CounterPartition partition, LeaseCall call)
    {
        if (call.Epoch > partition.Epoch)
        {
            if (call.Epoch - partition.Epoch > FarEpoch)
            {
                throw new ArgumentException($"The epoch {call.Epoch} is none of ours.", nameof(call));
            }

            _holding.Outgrow(call.Epoch);
            return CounterPartition.NotReady(call.Epoch);
        }

        var answer = partition.Acquire(services.Time.Now, call);
        services.Telemetry.Count(answer);
        if (answer.NeedsEcho)
        {
            _learning.AskAsync(partition, call.Edge, call.Observer).Ignore();
        }

        _holding.KeepQuotasAsync().Ignore();
        foreach (var recall in answer.Recalls?.GroupBy(recall => recall.Edge, recall => recall.Counter) ?? [])
        {
            if (_edges.TryGetValue(recall.Key, out var edge))
            {
                edge.Recall(Number, partition.Epoch, [.. recall]).Ignore();
                services.Telemetry.CountRecalls(1);
            }
        }

        return answer.Lease;
    }

    // Sweeps now and then, and takes the partition before the first call needs it.
    private async Task Tick()
    {
        if (_holding.Usable(services.Time.Now) is not { } partition)
        {
            // Not longer: the activation can only end when no tick runs.
            var taking = _holding.TakeAsync();
            if (await Task.WhenAny(taking, Task.Delay(Patience, services.Clock)) == taking)
            {
                await taking;
            }
        }
        else
        {
            Tend(partition);
            await _holding.LookAtClockAsync();
            await _holding.KeepQuotasAsync();
        }
    }

    private void Tend(CounterPartition partition)
    {
        if (_ticks++ % 5 == 0)
        {
            services.Telemetry.CountStranded(partition.Sweep(services.Time.Now));
            foreach (var edge in _edges.Keys)
            {
                if (!partition.Knows(edge))
                {
                    _edges.Remove(edge);
                }
            }
        }
    }
}
