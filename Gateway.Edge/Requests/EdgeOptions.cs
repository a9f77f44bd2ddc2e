using Gateway.Edge.Caching;
using Gateway.Edge.Counters;
using Gateway.Edge.Identity;
using Gateway.Hosting.Settings;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Edge.Requests;

/// <summary>How the request path behaves. The host fills it from its settings.</summary>
public sealed record EdgeOptions
{
    /// <summary>Which requests the access log names.</summary>
    public AccessLogMode AccessLog { get; init; } = AccessLogMode.All;

    /// <summary>Where the access log is written; null for standard output. Not closed by the gateway.</summary>
    public Stream? AccessLogStream { get; init; }

    /// <summary>How it takes part in counting.</summary>
    public CounterOptions Counters { get; init; } = new();

    /// <summary>How long a connection to a backend may take to be made.</summary>
    public TimeSpan BackendConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After this time a connection is not used for new requests, so that changed addresses are seen.</summary>
    public TimeSpan BackendConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After this time without use a connection to a backend is closed.</summary>
    public TimeSpan BackendIdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The time in which something must happen between gateway and backend: the answer's headers, or a part of a body or of a
    /// switched protocol. It runs on while outbound policies work.
    /// </summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The longest body of a request or an answer, in bytes, that is read into memory for expressions. 8 MiB.</summary>
    public int ExpressionBodyLimit { get; init; } = 8 * 1024 * 1024;

    /// <summary>What the expressions of one request may use.</summary>
    public ExpressionLimits Expressions { get; init; } = ExpressionLimits.Default;

    /// <summary>Calls of <c>send-one-way-request</c> that may be under way at the same time; further ones are dropped.</summary>
    public int OneWayCallLimit { get; init; } = 1000;

    /// <summary>How it caches.</summary>
    public CacheOptions Cache { get; init; } = new();

    /// <summary>The folder for the files of loggers; null for none.</summary>
    public string? LogFolder { get; init; }

    /// <summary>A logger's file that has so many bytes is moved away. 100 MB.</summary>
    public long LogFileBytes { get; init; } = 100_000_000;

    /// <summary>Messages to loggers that may wait to be written; further ones are dropped.</summary>
    public int LogQueueLength { get; init; } = 10_000;

    /// <summary>The bytes of all messages to loggers that may wait to be written. 32 MiB.</summary>
    public long LogQueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Where tokens of the gateway itself come from.</summary>
    public IdentityOptions Identity { get; init; } = new();

    /// <summary>Where <c>validate-azure-ad-token</c> finds Microsoft Entra tenants.</summary>
    public string EntraAuthority { get; init; } = "https://login.microsoftonline.com";

    /// <summary>The most tokens whose signature is not checked again while they are good; 0 checks each time.</summary>
    public int ValidatedTokenLimit { get; init; } = 4096;

    /// <summary>The gateway's id; <c>managed</c> for the built-in one.</summary>
    public string GatewayId { get; init; } = "managed";

    /// <summary>Names the installation.</summary>
    public string ServiceId { get; init; } = "gateway";

    /// <summary>The name of this node.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>The longest request body, in bytes, that is kept to be sent again.</summary>
    public long BufferedRequestLimit { get; init; } = 256 * 1024 * 1024;

    /// <summary>True: backends are reached through the proxy that the environment names (<c>HTTPS_PROXY</c> and its like).</summary>
    public bool UseSystemProxy { get; init; }

    /// <summary>After the signal to stop, requests are taken for this time while the gateway says that it is not ready.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After that, requests in flight have this time to end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
