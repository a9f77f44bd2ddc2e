using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>
/// By what an edge is known elsewhere: the source of the tokens of the policy <c>authentication-managed-identity</c>. Without an endpoint that policy fails.
/// </summary>
public sealed record IdentitySettings
{
    /// <summary>The token endpoint of the identity provider (OAuth 2.0 client credentials), such as <c>https://login.example/oauth2/token</c>.</summary>
    [HttpUrl] public string? TokenEndpoint { get; init; }

    /// <summary>As whom an edge asks for tokens, unless the policy says another.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's secret. This or <c>FederatedTokenFile</c>.</summary>
    [Secret] public string? ClientSecret { get; init; }

    /// <summary>A file with a token of the platform that stands for the secret (workload identity). Read anew for each token, so it may be replaced.</summary>
    public string? FederatedTokenFile { get; init; }

    /// <summary>What is asked for as scope; <c>{resource}</c> stands for the policy's resource.</summary>
    public string Scope { get; init; } = "{resource}/.default";

    /// <summary>How long the identity provider may take to answer.</summary>
    [Period("1s", "1m")] public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
