using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Hosting.Stores;

/// <summary>The connection to the state store. Its messages name endpoints and the setting, never the connection string.</summary>
public static class StateStore
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How we connect: commands and attempts are bounded, and a lost connection comes back by itself.</summary>
    public static ConfigurationOptions Options(RedisSettings settings, string connectionString, string clientName)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
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
        var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
        try
        {
            await AnswerAsync(connection, options, bounded.Token, cancellationToken);
            await StoreAdvice.LogAsync(connection, logger);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task AnswerAsync(
        ConnectionMultiplexer connection, ConfigurationOptions options, CancellationToken bounded, CancellationToken cancelled)
    {
        while (true)
        {
            try
            {
                await connection.GetDatabase().PingAsync().WaitAsync(bounded);
                return;
            }
            catch (RedisServerException refused)
            {
                throw Unreachable(options, refused.Message, refused);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException or OperationCanceledException)
            {
                cancelled.ThrowIfCancellationRequested();
                if (bounded.IsCancellationRequested)
                {
                    throw Unreachable(options, Reason(failure), failure);
                }

                await Task.Delay(RetryDelay, bounded).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static ExitException Unreachable(ConfigurationOptions options, string reason, Exception failure)
    {
        var clean = string.IsNullOrEmpty(options.Password) ? reason : reason.Replace(options.Password, "…", StringComparison.Ordinal);
        return new ExitException(
            ExitCodes.StoreUnreachable, $"The state store at {Describe(options)} (Gateway:Redis:ConnectionString) cannot be used: {clean.TrimEnd('.')}.", failure);
    }

    // The library's messages go on for lines with counters of its own.
    private static string Reason(Exception failure) => failure switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => "it refuses the user or password",
        _ => "it does not answer",
    };
}
