namespace Gateway.Edge.Silos;

/// <summary>Starts the connection to the silos in the background: an edge serves what it has while no silo answers.</summary>
/// <param name="client">The services of the Orleans client.</param>
/// <param name="listening">Ends when there is something to connect to, so that a silo of this process is not looked for too early.</param>
/// <param name="contact">Told when there is a connection.</param>
/// <param name="logger">The log.</param>
internal sealed partial class SiloConnection(IHostedService[] client, Task listening, FirstContact contact, ILogger<SiloConnection> logger) : BackgroundService
{
    /// <summary>Stops what has been started, after the attempts to start have ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var service in client.Reverse())
        {
            await service.StopAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await listening.WaitAsync(stoppingToken);
            foreach (var service in client)
            {
                await service.StartAsync(stoppingToken);
            }

            contact.Make();
            Log.Connected(logger);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.NeverConnected(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to the silos.")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Stopped before a silo answered.")]
        public static partial void NeverConnected(ILogger logger);
    }
}
