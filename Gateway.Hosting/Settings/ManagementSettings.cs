using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The management API, served by every silo.</summary>
public sealed record ManagementSettings
{
    /// <summary>The plain HTTP port.</summary>
    [Port] public int HttpPort { get; init; } = 8081;

    /// <summary>The HTTPS port.</summary>
    [Port] public int HttpsPort { get; init; } = 8444;

    /// <summary>Where the plain HTTP port listens. The admin token crosses it unencrypted.</summary>
    [BindAddress] public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>Where the HTTPS port listens.</summary>
    [BindAddress] public string HttpsBindAddress { get; init; } = "*";

    /// <summary>The token that callers send as <c>Authorization: Bearer …</c>; any text.</summary>
    [Secret] public string? AdminToken { get; init; }

    /// <summary>A file with that token; white space around it is ignored. Default: <c>admin-token</c> in the data folder, which a silo makes when it is missing.</summary>
    public string? AdminTokenFile { get; init; }
}
