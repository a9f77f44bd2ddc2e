using Gateway.Contracts.Counters;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Counters.Views;

/// <summary>Asks the state store now and then how it keeps what it acknowledges. Stores need not tell.</summary>
internal sealed partial class StoreDurabilityReader(RedisStore store, TimeProvider clock, ILogger<StoreDurabilityReader> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    private (long At, StoreDurability Durability)? _last;

    /// <summary>What the store said within the last half minute; what it does not tell is null.</summary>
    public async Task<StoreDurability> ReadAsync()
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < FreshFor)
        {
            return last.Durability;
        }

        var info = AskAsync("INFO", "persistence");
        var config = AskAsync("CONFIG", "GET", "appendfsync");
        var durability = new StoreDurability { AppendOnly = AppendOnly(await info), AppendFsync = Value(await config) };
        _last = (clock.GetTimestamp(), durability);
        return durability;
    }

    private static bool? AppendOnly(RedisResult? info) => ((string?)info)?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("aof_enabled:", StringComparison.Ordinal)) switch
    {
        "aof_enabled:1" => true,
        "aof_enabled:0" => false,
        _ => null,
    };

    private static string? Value(RedisResult? config) => config is { Length: 2 } ? (string?)config[1] : null;

    private async Task<RedisResult?> AskAsync(string command, params object[] arguments)
    {
        try
        {
            return await store.Database.ExecuteAsync(command, arguments).WaitAsync(Patience, clock);
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure) || failure is TimeoutException or RedisCommandException)
        {
            Log.NotTold(logger, command, failure.GetType().Name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The state store does not answer {Command} ({Kind}); how it keeps what it acknowledges is shown as unknown.")]
        public static partial void NotTold(ILogger logger, string command, string kind);
    }
}
