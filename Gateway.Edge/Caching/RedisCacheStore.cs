using Gateway.Edge.Requests;
using Polly;
using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>A Redis that keeps cached responses and values for all edges. Whatever becomes of it, requests only ever see that it has nothing.</summary>
internal sealed partial class RedisCacheStore : IAsyncDisposable
{
    // What may be on its way to the store; more is not written.
    private const long MaximumWriting = 32 * 1024 * 1024;

    /// <summary>Something was not written.</summary>
    public static readonly Task<bool> Not = Task.FromResult(false);

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    private readonly string _name;
    private readonly string _prefix;
    private readonly CommandFlags _readFlags;
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _connecting;
    private volatile IConnectionMultiplexer? _connection;
    private long _writing;

    /// <summary>Connects in the background.</summary>
    /// <param name="name">What it is called in the log.</param>
    /// <param name="connectionString">How it is reached; never logged.</param>
    /// <param name="options">How the edge behaves.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when it fails and when it is back.</param>
    public RedisCacheStore(string name, string connectionString, EdgeOptions options, TimeProvider time, ILogger logger)
    {
        (_name, _time, _logger) = (name, time, logger);
        _prefix = $"{options.ServiceId}:cache:";
        _readFlags = options.Cache.ReadsReplicas ? CommandFlags.PreferReplica : CommandFlags.None;
        _pipeline = StoreResilience.Build(options.Cache, time, Report);
        _connecting = ConnectAsync(connectionString, $"gateway-{options.NodeName}");
    }

    /// <summary>What stands under a key; null when there is nothing, or the store does not say so in time.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key)
    {
        var value = await RunAsync("get", static (database, state) => database.StringGetAsync(state.Key, state.Flags), (Key: KeyOf(key), Flags: _readFlags));
        return value is { IsNull: false } found ? (ReadOnlyMemory<byte>)found : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>Writes something; no request waits for it.</summary>
    /// <returns>Ends with false when it was not written, or the store does not say in time that it was.</returns>
    public Task<bool> Set(string key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        if (Interlocked.Add(ref _writing, value.Length) > MaximumWriting)
        {
            Interlocked.Add(ref _writing, -value.Length);
            CacheTelemetry.CountDrop();
            return Not;
        }

        return SetAsync(key, value, life < LongestLife ? life : LongestLife);
    }

    /// <summary>Removes something.</summary>
    /// <returns>False when the store does not say in time that it is gone.</returns>
    public async ValueTask<bool> RemoveAsync(string key) =>
        await RunAsync("remove", static (database, key) => database.KeyDeleteAsync(key), KeyOf(key)) is not null;

    public async ValueTask DisposeAsync()
    {
        await _connecting;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private RedisKey KeyOf(string key) => _prefix + key;

    private async Task<bool> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        try
        {
            return await RunAsync(
                "set", static (database, state) => database.StringSetAsync(state.Key, state.Value, state.Life, flags: CommandFlags.DemandMaster), (Key: KeyOf(key), Value: (RedisValue)value, Life: life)) is true;
        }
        finally
        {
            Interlocked.Add(ref _writing, -value.Length);
        }
    }

    private async ValueTask<T?> RunAsync<T, TState>(string command, Func<IDatabaseAsync, TState, Task<T>> run, TState state)
        where T : struct
    {
        if (_connection is not { } connection)
        {
            return null;
        }

        var started = _time.GetTimestamp();
        try
        {
            var answer = await _pipeline.ExecuteAsync(
                static async (call, cancellationToken) => await call.run(call.database, call.state).WaitAsync(cancellationToken), (run, database: connection.GetDatabase(), state), CancellationToken.None);
            CacheTelemetry.MeasureStore(command, _time.GetElapsedTime(started), isAnswered: true);
            return answer;
        }
        catch (Exception failure) when (StoreResilience.IsTrouble(failure))
        {
            CacheTelemetry.MeasureStore(command, _time.GetElapsedTime(started), isAnswered: false);
            return null;
        }
    }

    private async Task ConnectAsync(string connectionString, string clientName)
    {
        await Task.Yield();
        try
        {
            _connection = await ConnectionMultiplexer.ConnectAsync(StoreConnection.Options(connectionString, clientName));
        }
        catch (Exception refused) when (refused is ArgumentException or FormatException or RedisException)
        {
            // Its message may quote the connection string.
            Log.CannotBeUsed(_logger, _name);
        }
    }

    private void Report(bool isAsked)
    {
        if (isAsked)
        {
            Log.Back(_logger, _name);
        }
        else
        {
            Log.Away(_logger, _name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The cache store of {Name} does not answer in time: requests do without it.")]
        public static partial void Away(ILogger logger, string name);

        [LoggerMessage(2, LogLevel.Information, "The cache store of {Name} answers again.")]
        public static partial void Back(ILogger logger, string name);

        [LoggerMessage(3, LogLevel.Error, "The cache store of {Name} cannot be used: its connection string is not one. Write it as redis-1:6379,password=…,ssl=true.")]
        public static partial void CannotBeUsed(ILogger logger, string name);
    }
}
