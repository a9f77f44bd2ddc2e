namespace Gateway.Edge.Counters;

/// <summary>
/// Looks after the counters, and keeps the object alive that partitions call. It ends after the server, whose requests have ended then, and before the
/// connection to the silos.
/// </summary>
internal sealed partial class CounterService(
    LimitTable limits, CounterEdge edge, CounterOptions options, TimeProvider time, ILogger<CounterService> logger) : BackgroundService
{
    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await limits.QuitAsync().WaitAsync(options.QuitPatience, time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            Log.NotTold(logger);
        }

        GC.KeepAlive(edge);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Beat, time);
        var swept = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            limits.Beat();
            if (time.GetElapsedTime(swept) >= options.SweepPeriod)
            {
                swept = time.GetTimestamp();
                limits.Sweep();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Not all silos have heard what this edge gives back of its limits; it is free when its time is over, the share of a limit with escrow in 10 minutes.")]
        public static partial void NotTold(ILogger logger);
    }
}
