using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Hosting.Stores;

/// <summary>The connection to the state store. Its messages name endpoints and the setting, never the connection string.</summary>
public static class StateStore
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How we connect: commands and attempts are bounded.</summary>
    public static ConfigurationOptions Options(RedisSettings settings, string connectionString, string clientName)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = true; // only of the first connection; a lost one comes back by itself
        options.AllowAdmin = true; // INFO counts as such
        options.ClientName = clientName;
        var milliseconds = (int)settings.Timeout.TotalMilliseconds;
        if (!connectionString.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
        {
            options.ConnectTimeout = milliseconds;
        }

        if (!connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase))
        {
            options.SyncTimeout = options.AsyncTimeout = milliseconds;
        }

        return options;
    }

    /// <summary>The store's endpoints, for messages.</summary>
    public static string Describe(ConfigurationOptions options) =>
        string.Join(", ", options.EndPoints.Select(endpoint => EndPointCollection.ToString(endpoint)));

    /// <summary>Connects and waits until the store answers, at most <c>Gateway:Redis:StartTimeout</c>; warns about what puts its content at risk.</summary>
    /// <exception cref="ExitException">No connection string (2), or no answer in time (5).</exception>
    public static async Task<IConnectionMultiplexer> ConnectAsync(GatewaySettings settings, ILogger logger, CancellationToken cancellationToken)
    {
        var connectionString = settings.Redis.ConnectionString ?? throw new ExitException(
            ExitCodes.Setting, "Gateway:Redis:ConnectionString must be set on a silo, such as redis-1:6379,password=….");
        var options = Options(settings.Redis, connectionString, $"gateway-{settings.NodeName}");
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(settings.Redis.StartTimeout);
        while (true)
        {
            try
            {
                var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(bounded.Token);
                await StoreAdvice.LogAsync(connection, logger);
                return connection;
            }
            catch (RedisConnectionException failure) when (IsRefusal(failure))
            {
                throw Unreachable(options, "it refuses the user or password", failure);
            }
            catch (Exception failure) when (failure is RedisException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (bounded.IsCancellationRequested)
                {
                    throw Unreachable(options, "it does not answer", failure);
                }

                await Task.Delay(RetryDelay, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsRefusal(Exception? failure) =>
        failure is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
        || (failure?.InnerException is { } cause && IsRefusal(cause))
        || failure?.Message.Contains("NOAUTH", StringComparison.Ordinal) == true;

    private static ExitException Unreachable(ConfigurationOptions options, string reason, Exception failure) =>
        new(ExitCodes.StoreUnreachable, $"The state store at {Describe(options)} (Gateway:Redis:ConnectionString) cannot be used: {reason}.", failure);
}
