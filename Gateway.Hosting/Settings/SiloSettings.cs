using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>Where a silo listens for other silos and for edges.</summary>
public sealed record SiloSettings
{
    /// <summary>The port that other silos connect to.</summary>
    [Port] public int SiloPort { get; init; } = 11111;

    /// <summary>The port that edges connect to.</summary>
    [Port] public int GatewayPort { get; init; } = 30000;

    /// <summary>The IP address listened on and advertised to others. Default: the machine's first IPv4 address that is not loopback, else 127.0.0.1.</summary>
    [IpAddress] public string? Address { get; init; }

    /// <summary>The bound of a graceful stop; what is not done by then is cut off.</summary>
    [Period("1s", "10m")] public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
