using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Hosting.Stores;

/// <summary>Looks at how the state store is run and says what puts its content at risk. Stores that do not tell are left alone.</summary>
internal static partial class StoreAdvice
{
    public static async Task LogAsync(IConnectionMultiplexer connection, ILogger logger)
    {
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            try
            {
                var told = (await server.InfoAsync()).SelectMany(section => section)
                    .GroupBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(entry => entry.Key, entry => entry.First().Value, StringComparer.OrdinalIgnoreCase);
                if (told.TryGetValue("maxmemory_policy", out var policy) && policy.StartsWith("allkeys", StringComparison.Ordinal))
                {
                    Log.Evicts(logger, policy);
                }

                if (told.TryGetValue("aof_enabled", out var appendOnly) && appendOnly == "0")
                {
                    Log.NotAppendOnly(logger);
                }
            }
            catch (RedisException refused)
            {
                Log.NotTold(logger, refused.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The state store evicts keys when its memory is full (maxmemory-policy is {Policy}); set it to noeviction, or configuration will be lost.")]
        public static partial void Evicts(ILogger logger, string policy);

        [LoggerMessage(2, LogLevel.Warning, "The state store is not append-only (appendonly is no): a crash of it loses the newest changes.")]
        public static partial void NotAppendOnly(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "The state store does not tell how it is run ({Reason}); nothing was checked.")]
        public static partial void NotTold(ILogger logger, string reason);
    }
}
