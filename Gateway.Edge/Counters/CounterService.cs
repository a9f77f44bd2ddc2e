namespace Gateway.Edge.Counters;

/// <summary>Looks after the counters, and keeps the object alive that partitions call.</summary>
internal sealed class CounterService(LimitTable limits, CounterEdge edge, CounterOptions options, TimeProvider time) : BackgroundService
{
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

        GC.KeepAlive(edge);
    }
}
