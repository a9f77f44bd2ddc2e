using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The hub of a federated site: the silos fetch their configuration from it, over HTTPS.</summary>
public sealed record UpstreamSettings
{
    /// <summary>The hub's management URL; https. Default: none, the site is its own hub.</summary>
    [HttpUrl] public string? Endpoint { get; init; }

    /// <summary>The gateway token that the hub gave out for this site. <c>TokenFile</c> can be renewed without a restart.</summary>
    [Secret] public string? Token { get; init; }

    /// <summary>A file with that token; read again before each call to the hub.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A PEM file with the hub's key that signs publications (<c>gateway trust</c> shows its fingerprint). Default: the first key seen is kept, and no other is accepted.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>A PEM file with the certificates of the authorities that may vouch for the hub. Default: those that the machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>The proxy on the way to the hub, as <c>http://host:port</c>. Default: the environment's <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>.</summary>
    [HttpUrl] public string? Proxy { get; init; }

    /// <summary>The longest time between two looks for a newer publication.</summary>
    [Period("1s", "1h")] public TimeSpan PollPeriod { get; init; } = TimeSpan.FromSeconds(10);
}
