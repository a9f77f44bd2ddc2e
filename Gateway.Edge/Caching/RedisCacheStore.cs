using System.Runtime.ExceptionServices;
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
    private readonly ResiliencePipeline<RedisValue> _breaker;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoreReads _reads;
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
        _timeout = options.Cache.StoreTimeout;
        _reads = new(ReadAsync);
        _breaker = StoreResilience.Build(options.Cache, time, Report);
        _connecting = ConnectAsync(connectionString, $"gateway-{options.NodeName}");
    }

    /// <summary>The key of something.</summary>
    /// <param name="kind">What kind of thing, a letter.</param>
    /// <param name="name">Its name among those.</param>
    public RedisKey KeyOf<T>(char kind, T name) => $"{_prefix}{kind}:{name}";

    /// <summary>What stands under a key; none when there is nothing, or the store does not say so in time.</summary>
    public ValueTask<RedisValue> GetAsync(RedisKey key) => _connection is null ? new(RedisValue.Null) : new(_reads.GetAsync(key));

    /// <summary>Writes something; no request waits for it.</summary>
    /// <returns>Ends with false when it was not written, or the store does not say in time that it was.</returns>
    public Task<bool> Set(RedisKey key, ReadOnlyMemory<byte> value, TimeSpan life)
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
    public async ValueTask<bool> RemoveAsync(RedisKey key) => !(await AskAsync("remove", static async (database, key) => await database.KeyDeleteAsync(key), key)).IsNull;

    public async ValueTask DisposeAsync()
    {
        await _connecting;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task ReadAsync(StoreRead[] reads)
    {
        var answers = new Task<RedisValue>[reads.Length];
        try
        {
            await AskAsync(
                "get",
                static async (database, state) =>
                {
                    var batch = database.CreateBatch();
                    for (var i = 0; i < state.Reads.Length; i++)
                    {
                        state.Answers[i] = batch.StringGetAsync(state.Reads[i].Key, state.Flags);
                    }

                    batch.Execute();
                    await Task.WhenAll(state.Answers);
                    return RedisValue.EmptyString;
                },
                (Reads: reads, Answers: answers, Flags: _readFlags));
        }
        catch (Exception bug)
        {
            Array.ForEach(reads, read => read.TrySetException(bug));
        }

        for (var i = 0; i < reads.Length; i++)
        {
            // Each by its own answer: one that fails does not take the others with it.
            reads[i].TrySetResult(answers[i] is { IsCompletedSuccessfully: true } answer ? await answer : RedisValue.Null);
        }
    }

    private async Task<bool> SetAsync(RedisKey key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        try
        {
            var written = await AskAsync(
                "set",
                static async (database, state) => await database.StringSetAsync(state.Key, state.Value, state.Life, flags: CommandFlags.DemandMaster),
                (Key: key, Value: (RedisValue)value, Life: life));
            return !written.IsNull && (bool)written;
        }
        finally
        {
            Interlocked.Add(ref _writing, -value.Length);
        }
    }

    // None also when the store does not answer in time.
    private async ValueTask<RedisValue> AskAsync<TState>(string command, Func<IDatabase, TState, Task<RedisValue>> ask, TState state)
    {
        if (_connection is not { } connection)
        {
            return RedisValue.Null;
        }

        var started = _time.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get();
        var outcome = await _breaker.ExecuteOutcomeAsync(static (_, call) => call.Store.AskOnceAsync(call.Ask, call.Database, call.State), context, (Store: this, Ask: ask, Database: connection.GetDatabase(), State: state));
        ResilienceContextPool.Shared.Return(context);
        CacheTelemetry.MeasureStore(command, _time.GetElapsedTime(started), isAnswered: outcome.Exception is null);
        if (outcome.Exception is { } failure && !StoreResilience.IsTrouble(failure))
        {
            // With where it comes from.
            ExceptionDispatchInfo.Throw(failure);
        }

        return outcome.Exception is null ? outcome.Result : RedisValue.Null;
    }

    private async ValueTask<Outcome<RedisValue>> AskOnceAsync<TState>(Func<IDatabase, TState, Task<RedisValue>> ask, IDatabase database, TState state)
    {
        try
        {
            return Outcome.FromResult(await ask(database, state).WaitAsync(_timeout, _time));
        }
        catch (Exception failure)
        {
            return Outcome.FromException<RedisValue>(failure);
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
