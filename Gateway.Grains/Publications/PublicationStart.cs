using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>
/// Wakes the publications of every gateway when a silo starts, so that edges of a fresh site find number 1 and those of an old
/// one find everything in memory. The silo's start does not wait for it.
/// </summary>
internal sealed partial class PublicationStart(CatalogSource catalog, IGrainFactory grains, ILogger<PublicationStart> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly CancellationTokenSource _stop = new();
    private Task _waking = Task.CompletedTask;

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(PublicationStart), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _waking = Task.Run(WakeAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _waking;
    }

    private async Task WakeAsync()
    {
        try
        {
            foreach (var gateway in await catalog.ReadGatewaysAsync())
            {
                await WakeAsync(gateway, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure))
        {
            Log.NotWoken(logger, failure);
        }
    }

    private async Task WakeAsync(string gateway, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IPublicationGrain>(gateway).Current(cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            // It goes on waking.
            Log.StillWaking(logger, gateway, failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !RedisStore.IsOutage(failure))
        {
            // Such as a stored publication that cannot be read: the others are woken all the same.
            Log.Unusable(logger, failure, gateway);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The publications could not be woken at the start of this silo; the first edge that polls will do so.")]
        public static partial void NotWoken(ILogger logger, Exception failure);

        [LoggerMessage(2, LogLevel.Information, "Gateway {Gateway}: its publications take a while to wake: {Reason}")]
        public static partial void StillWaking(ILogger logger, string gateway, string reason);

        [LoggerMessage(3, LogLevel.Error, "Gateway {Gateway}: its publications cannot be woken.")]
        public static partial void Unusable(ILogger logger, Exception failure, string gateway);
    }
}
