using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Placement;
using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Counters.Views;
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
internal sealed class CounterPartitionGrain(HoldingServices services, PartitionViews views, ILogger<CounterPartitionGrain> logger) : Grain, ICounterPartitionGrain, ICounterPartitionWake, IQuotaPartition
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private PartitionActivation? _activation;

    private int Number => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyLong() is < 0 or >= CounterId.Partitions)
        {
            throw new ArgumentException($"There is no partition {this.GetPrimaryKeyLong()}.");
        }

        var activation = _activation = new PartitionActivation(Number, services, DeactivateOnIdle, logger);
        var scheduler = TaskScheduler.Current;
        services.Registry.Enter(Number, () => _ = Task.Factory.StartNew(DeactivateOnIdle, CancellationToken.None, TaskCreationOptions.None, scheduler));
        views.Enter(Number, most => Task.Factory.StartNew(() => activation.Describe(most), CancellationToken.None, TaskCreationOptions.None, scheduler));
        this.RegisterGrainTimer(activation.TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, TickPeriod) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        services.Registry.Exit(Number);
        views.Exit(Number);
        if (_activation is not null)
        {
            await _activation.EndAsync();
        }
    }

    /// <inheritdoc />
    public Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken) => _activation!.AcquireAsync(call, cancellationToken);

    /// <inheritdoc />
    public Task Wake() => Task.CompletedTask;

    /// <inheritdoc />
    public Task<QuotaView?> View(CounterId counter, CounterDefinition definition) => _activation!.ViewAsync(counter, definition);

    /// <inheritdoc />
    public Task<QuotaView?> Set(CounterId counter, CounterDefinition definition, long count) => _activation!.SetAsync(counter, definition, count);
}
