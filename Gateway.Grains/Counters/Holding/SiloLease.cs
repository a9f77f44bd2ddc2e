using Gateway.Contracts.Counters;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Counters.Holding;

/// <summary>
/// Keeps this silo's lease in the state store: one renewal a period for all of its partitions. It begins before any partition is active and ends after the
/// last one has been handed over.
/// </summary>
internal sealed partial class SiloLease(
    RedisStore store,
    CounterOptions options,
    MonotonicTime time,
    TimeProvider clock,
    EdgeDirectory edges,
    PartitionRegistry partitions,
    PartitionStore owners,
    CounterTelemetry telemetry,
    ILogger<SiloLease> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly FenceKeeper _keeper = new((long)options.LeaseLife.TotalMilliseconds, (long)options.LeasePeriod.TotalMilliseconds);
    private readonly CancellationTokenSource _stop = new();
    private volatile Fence _fence = Fence.None;
    private Task _loop = Task.CompletedTask;
    private bool _isStoreAway;
    private long _lostAt = long.MinValue / 2;

    /// <summary>What holds now.</summary>
    public Fence Fence => _fence;

    /// <summary>What is relied on now.</summary>
    public LendingMode LendingMode
    {
        get
        {
            var (fence, now) = (_fence, time.Now);
            return fence.IsUnfenced(now) ? LendingMode.Unfenced : fence.Allows(fence.Id, now) ? LendingMode.Fenced : LendingMode.None;
        }
    }

    /// <summary>When the store knew this silo's lease no more, by this silo's clock: it may have been flushed; long ago when that never was.</summary>
    public long LostAt => Volatile.Read(ref _lostAt);

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloLease), ServiceLifecycleStage.RuntimeStorageServices, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync();
        telemetry.Show(() => LendingMode, () => partitions.Active.Count);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends the renewals, and the lease in the store.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Cancel();
        await _loop;
        var lease = _fence;
        _fence = Fence.None;
        try
        {
            // Whoever follows need not wait for the end of its life.
            await store.Database.KeyDeleteAsync(store.Keys.CounterSilo(lease.Id)).WaitAsync(options.LeasePeriod, clock, cancellationToken);
        }
        catch (Exception failure) when (IsOutage(failure) || failure is OperationCanceledException)
        {
            Log.NotEnded(logger, failure.GetType().Name);
        }
    }

    /// <summary>Renews each period until the silo stops.</summary>
    internal async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.LeasePeriod, clock);
        var tending = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await RenewAsync();
                if (!_isStoreAway && tending.IsCompleted)
                {
                    // Renewals wait for nothing.
                    tending = TendAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }

        await tending;
    }

    /// <summary>Renews once, or takes the first lease.</summary>
    internal async Task RenewAsync()
    {
        var sentAt = time.Now;
        _keeper.Attempt(sentAt);
        try
        {
            if (_fence != Fence.None && await SetAsync(_fence.Id, When.Exists))
            {
                _keeper.Renewed(_fence.Id, sentAt);
            }
            else
            {
                if (_fence != Fence.None)
                {
                    Log.Lost(logger);
                    _keeper.Refused();
                    _fence = Fence.None;
                    Volatile.Write(ref _lostAt, time.Now);
                    edges.Forgotten();
                }

                sentAt = time.Now;
                var id = Guid.NewGuid().ToString("N");
                if (await SetAsync(id, When.NotExists))
                {
                    _keeper.Renewed(id, sentAt);
                }
            }

            Note(isAway: false);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            _keeper.Failed(time.Now);
            Note(isAway: true);
        }

        _fence = _keeper.Fence;
    }

    // What concerns all partitions of this silo, once for all.
    private async Task TendAsync()
    {
        try
        {
            await edges.RefreshAsync();
            foreach (var wanted in await owners.ReadWantedAsync(_fence.Id))
            {
                if (!partitions.Leave(wanted) && await owners.ReadOwnerAsync(wanted) is { } owner && PartitionOwner.Parse(owner)?.Lease == _fence.Id)
                {
                    // An activation that ended without being able to say so.
                    await owners.ReleaseAsync(wanted, owner, null);
                }
            }
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            Log.NotTended(logger, failure.GetType().Name);
        }
    }

    private Task<bool> SetAsync(string id, When when) =>
        store.Database.StringSetAsync(store.Keys.CounterSilo(id), "1", options.LeaseLife, when).WaitAsync(options.LeasePeriod * 0.9, clock);

    private static bool IsOutage(Exception failure) => RedisStore.IsOutage(failure) || failure is TimeoutException;

    private void Note(bool isAway)
    {
        if (isAway && !_isStoreAway)
        {
            Log.Away(logger);
        }
        else if (!isAway && _isStoreAway)
        {
            Log.Back(logger);
        }

        _isStoreAway = isAway;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This silo's right to lend tokens ended in the state store: it stood still, or the store was flushed. Its partitions are taken anew where nobody else has.")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "The state store does not answer; when it stays so, rate limits go on unfenced.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "The state store answers again; rate limits are fenced.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(4, LogLevel.Information, "This silo's right to lend tokens could not be ended in the state store ({Kind}); it ends by itself.")]
        public static partial void NotEnded(ILogger logger, string kind);

        [LoggerMessage(5, LogLevel.Information, "The lists of edges and of wanted partitions could not be read ({Kind}); they are at the next renewal.")]
        public static partial void NotTended(ILogger logger, string kind);
    }
}
