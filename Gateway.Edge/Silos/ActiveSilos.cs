using System.Net;
using Gateway.Contracts.Nodes;

namespace Gateway.Edge.Silos;

/// <summary>
/// Asks the silos again and again which of them are active. A silo that hangs keeps its connections open, and nothing else would tell this
/// edge to stop sending to it. Each question takes another way, so one silo that does not answer does not silence the others.
/// </summary>
internal sealed partial class ActiveSilos(IGrainFactory grains, TimeProvider time, TimeSpan period, ILogger<ActiveSilos> logger) : BackgroundService
{
    // An answer counts as long as several questions in a row may fail.
    private const int Periods = 10;

    private Answer? _last;
    private bool _unheard;

    /// <summary>Where the active silos listen; null when there is no answer of late.</summary>
    public IReadOnlySet<IPEndPoint>? Current => _last is { } last && time.GetElapsedTime(last.At) < period * Periods ? last.Silos : null;

    /// <summary>Asks once.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var silos = await grains.GetGrain<ISiloListGrain>(Random.Next()).Active(cancellationToken);
            _last = new Answer([.. silos.Select(IPEndPoint.Parse)], time.GetTimestamp());
            _unheard = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Before the first connection, or through a silo that is gone: the next question takes another way.
            if (!_unheard)
            {
                _unheard = true;
                Log.NoAnswer(logger, failure.GetType().Name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await AskAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger);
        }
    }

    private static Random Random { get; } = new();

    private sealed record Answer(HashSet<IPEndPoint> Silos, long At);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "No silo said which silos are active ({Reason}).")]
        public static partial void NoAnswer(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Debug, "The silos are no longer asked which of them are active.")]
        public static partial void Stopped(ILogger logger);
    }
}
