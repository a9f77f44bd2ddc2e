using System.Diagnostics;
using StackExchange.Redis;

namespace Gateway.Testing.Stores;

/// <summary>A state store of its own for a test class: on a free loopback port, in a temporary folder, gone afterwards.</summary>
public abstract class TestStore : IAsyncDisposable
{
    private ConnectionMultiplexer? _connection;

    /// <summary>Where the store keeps its files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-store-").FullName;

    /// <summary>How StackExchange.Redis reaches it; holds the password.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>A connection that all users of this store share.</summary>
    public IConnectionMultiplexer Connection => _connection ?? throw new InvalidOperationException("The store is not started.");

    /// <summary>Starts a store by its name: <c>garnet</c> or <c>redis</c>.</summary>
    /// <param name="name">The kind of store.</param>
    /// <param name="commandSeconds">How long <see cref="Connection"/> waits for an answer; long, for machines that do much else.</param>
    public static async Task<TestStore> StartAsync(string name, int commandSeconds = 30)
    {
        TestStore store = name == "redis" ? new RedisTestStore() : new GarnetTestStore();
        try
        {
            await store.OpenAsync();
            store._connection = await ConnectionMultiplexer.ConnectAsync($"{store.ConnectionString},asyncTimeout={commandSeconds * 1000}");
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every key with its value as bytes, of whatever type: for tests that look for what must not be there.</summary>
    public async Task<Dictionary<string, byte[]>> DumpAsync()
    {
        var database = Connection.GetDatabase();
        var server = Connection.GetServers().Single();
        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var key in server.KeysAsync(pattern: "*"))
        {
            all[key!] = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => (byte[])(await database.StringGetAsync(key))!,
                RedisType.SortedSet => string.Join('\n', await database.SortedSetRangeByRankAsync(key)).Select(c => (byte)c).ToArray(),
                RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(entry => (byte[])entry.Value!).ToArray(),
                var type => throw new NotSupportedException($"{key} is a {type}"),
            };
        }

        return all;
    }

    /// <summary>Removes everything, as an operator by mistake would.</summary>
    public Task FlushAsync() => Connection.GetDatabase().ExecuteAsync("FLUSHDB");

    /// <summary>Ends the server; its data stays.</summary>
    public Task StopAsync() => CloseAsync();

    /// <summary>Starts the server again on its port and data, and returns when <see cref="Connection"/> reaches it.</summary>
    public async Task RestartAsync()
    {
        await OpenAsync();
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Connection.GetDatabase().PingAsync();
                return;
            }
            catch (Exception exception) when (exception is RedisException or RedisTimeoutException && started.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(100);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the server and returns when it answers.</summary>
    protected abstract Task OpenAsync();

    /// <summary>Stops the server.</summary>
    protected abstract Task CloseAsync();
}
