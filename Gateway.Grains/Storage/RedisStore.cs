using System.Globalization;
using Gateway.Contracts.Results;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Storage;

/// <summary>The state store: its database, its keys, and what an outage of it looks like to callers.</summary>
internal sealed partial class RedisStore(IConnectionMultiplexer connection, KeySpace keys, ILogger<RedisStore> logger)
{
    /// <summary>The names of everything stored.</summary>
    public KeySpace Keys { get; } = keys;

    /// <summary>The commands of the store.</summary>
    public IDatabase Database => connection.GetDatabase();

    /// <summary>The store's clock, the one that all silos share.</summary>
    public async Task<DateTimeOffset> TimeAsync() =>
        (RedisResult[]?)await Database.ExecuteAsync("TIME") is [var seconds, var microseconds]
            ? DateTimeOffset.FromUnixTimeMilliseconds(
                (long.Parse((string)seconds!, CultureInfo.InvariantCulture) * 1000) + (long.Parse((string)microseconds!, CultureInfo.InvariantCulture) / 1000))
            : throw new RedisException("The state store does not tell the time as it should.");

    /// <summary>True when the exception tells that the store did not do what was asked, now.</summary>
    public static bool IsOutage(Exception exception) => exception is RedisException or RedisTimeoutException;

    /// <summary>Runs store commands; an outage becomes <see cref="ErrorKind.ServiceUnavailable"/>.</summary>
    public async Task<Result<T>> TryAsync<T>(Func<Task<Result<T>>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            Log.Outage(logger, exception);
            return new GatewayError(ErrorKind.ServiceUnavailable, "The state store cannot be reached, or refuses commands, now. Try again later.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The state store did not answer as it should.")]
        public static partial void Outage(ILogger logger, Exception exception);
    }
}
