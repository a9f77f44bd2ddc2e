using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Counters.Placement;

/// <summary>
/// Keeps each partition where it belongs: those of this silo are active before the first call needs them, so that a store that fails later finds them held;
/// those of another silo are handed over to it.
/// </summary>
internal sealed partial class PartitionBalancer(
    ISiloStatusOracle cluster,
    PartitionRegistry registry,
    SiloLease lease,
    MonotonicTime time,
    IGrainFactory grains,
    CounterOptions options,
    TimeProvider clock,
    ILogger<PartitionBalancer> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    // Few at a time: each is away for some milliseconds, and a silo that has just started has much else to do.
    private const int MovesAtOnce = 32;

    private readonly CancellationTokenSource _stop = new();
    private string[] _silos = [];
    private int[] _assigned = [];
    private Task _loop = Task.CompletedTask;

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(PartitionBalancer), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _loop;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.BalancePeriod, clock);
        try
        {
            do
            {
                Balance();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private void Balance()
    {
        var silos = cluster.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().Select(silo => silo.ToParsableString()).ToArray();
        var me = Array.IndexOf(silos, cluster.SiloAddress.ToParsableString());
        if (me < 0)
        {
            return;
        }

        var isSettled = silos.SequenceEqual(_silos);
        if (!isSettled)
        {
            // Others may not have seen this yet; what is held moves when it has stayed so for a period.
            (_silos, _assigned) = (silos, PartitionShares.Assign(silos));
            Log.Silos(logger, silos.Length);
        }

        var active = registry.Active.ToHashSet();
        foreach (var partition in Enumerable.Range(0, CounterId.Partitions).Where(partition => _assigned[partition] == me && !active.Contains(partition)).Take(MovesAtOnce))
        {
            Wake(partition);
        }

        var fence = lease.Fence;
        if (isSettled && fence.Allows(fence.Id, time.Now) && !fence.IsUnfenced(time.Now))
        {
            foreach (var partition in active.Where(partition => _assigned[partition] != me).Take(MovesAtOnce))
            {
                registry.Leave(partition);
                Wake(partition);
            }
        }
    }

    private void Wake(int partition) => grains.GetGrain<ICounterPartitionWake>(partition).Wake().Ignore();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The partitions of counters are shared by {Count} silos.")]
        public static partial void Silos(ILogger logger, int count);
    }
}
