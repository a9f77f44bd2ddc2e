using Gateway.Hosting.Diagnostics;

namespace Gateway.Edge.Requests;

/// <summary>
/// Turns the edge out of service: first it only says that it is not ready, so that load balancers turn away; then the server
/// stops taking requests and those in flight end, bounded by the host's time to shut down.
/// </summary>
internal sealed partial class DrainService(
    DrainState drain, Readiness readiness, EdgeOptions options, TimeProvider time, ILogger<DrainService> logger) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        drain.Begin();
        Log.Draining(logger, drain.LiveRequests);
        await Task.Delay(options.DrainDelay, time, cancellationToken);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (drain.LiveRequests is > 0 and var left)
        {
            Log.CutOff(logger, left);
        }

        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Draining: {Live} requests are in flight.")]
        public static partial void Draining(ILogger logger, int live);

        [LoggerMessage(2, LogLevel.Warning, "The time to drain is over; {Live} requests are cut off.")]
        public static partial void CutOff(ILogger logger, int live);
    }
}
