using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>How an edge connects to a store of caches: in the background, again and again, and with nothing queued for a store that is not there.</summary>
internal static class StoreConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>What a connection string says, and what we need besides.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="FormatException">It is none.</exception>
    public static ConfigurationOptions Options(string connectionString, string clientName)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ClientName = clientName;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry((int)RetryPeriod.TotalMilliseconds);
        options.HeartbeatInterval = RetryPeriod;
        if (!connectionString.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
        {
            options.ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds;
        }

        return options;
    }
}
