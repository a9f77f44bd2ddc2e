using Gateway.Cli.Up;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using StackExchange.Redis;

namespace Gateway.Cli.Stores;

/// <summary>The embedded store of a run, checked against what the data folder remembers of it, and watched.</summary>
internal sealed partial class OpenStore : IAsyncDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(2);

    private readonly EmbeddedStore _store;
    private readonly ILoggerFactory _loggers;
    private readonly ConnectionMultiplexer _connection;
    private readonly StoreWitness _witness;
    private readonly CancellationTokenSource _ending = new();

    private Task _remembering = Task.CompletedTask;

    private OpenStore(EmbeddedStore store, ILoggerFactory loggers, ConnectionMultiplexer connection, StoreWitness witness)
    {
        _store = store;
        _loggers = loggers;
        _connection = connection;
        _witness = witness;
    }

    /// <summary>Recovers and opens the store.</summary>
    /// <exception cref="ExitException">Its port is in use, or its data is damaged.</exception>
    public static async Task<OpenStore> StartAsync(UpPlan plan, DataFolder data)
    {
        // The store's argument parser warns about every logger that it did not make itself.
        var loggers = LoggerFactory.Create(logging => HostLogging.Add(logging, plan.Configuration).AddFilter("ArgParser", LogLevel.Error));
        var store = EmbeddedStore.Start(data.In("store"), plan.Ports.Store, plan.StorePassword, loggers);
        var connection = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        var open = new OpenStore(store, loggers, connection, new StoreWitness(connection.GetDatabase(), plan.Settings.ServiceId, data));
        try
        {
            await open._witness.CheckAsync();
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>Remembers how far the catalog is: now, and from now on.</summary>
    public async Task RememberAsync(TimeProvider time)
    {
        await _witness.RememberAsync();
        _remembering = Task.Run(() => KeepRememberingAsync(time));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _remembering;
        await _connection.DisposeAsync();
        _store.Dispose();
        _loggers.Dispose();
        _ending.Dispose();
    }

    private async Task KeepRememberingAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(_period, time);
        while (await NextAsync(timer))
        {
            await RememberOrWarnAsync();
        }

        // The silo is stopped by now: this is the last word.
        await RememberOrWarnAsync();
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_ending.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // What is remembered may lag behind: it only tells a store that lost much from one that lost nothing.
    private async Task RememberOrWarnAsync()
    {
        try
        {
            await _witness.RememberAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or IOException)
        {
            Log.NotRemembered(_loggers.CreateLogger<OpenStore>(), exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The data folder could not note how far the catalog is: {Reason}")]
        public static partial void NotRemembered(ILogger logger, string reason);
    }
}
