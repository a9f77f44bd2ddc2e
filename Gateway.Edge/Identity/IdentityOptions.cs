using Gateway.Hosting.Settings;

namespace Gateway.Edge.Identity;

/// <summary>Where the edge gets the tokens by which it is known elsewhere. Without an endpoint there are none.</summary>
public sealed record IdentityOptions
{
    /// <summary>The token endpoint of the identity provider (OAuth 2.0, RFC 6749); null for none.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>As whom the edge asks when a policy does not say.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's secret; null when there is a token file.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A file with a token of the platform that stands for the secret (workload identity, RFC 7523). It is read anew for each token; null when there is a secret.</summary>
    public string? FederatedTokenFile { get; init; }

    /// <summary>What is asked for as scope; <c>{resource}</c> stands for the policy's resource.</summary>
    public string Scope { get; init; } = "{resource}/.default";

    /// <summary>How long the provider may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The options of these settings.</summary>
    public static IdentityOptions From(IdentitySettings settings) => new()
    {
        TokenEndpoint = settings.TokenEndpoint is { } url ? new Uri(url) : null,
        ClientId = settings.ClientId,
        ClientSecret = settings.ClientSecret,
        FederatedTokenFile = settings.FederatedTokenFile,
        Scope = settings.Scope,
        Timeout = settings.Timeout,
    };

    /// <summary>Its endpoint and client only: the rest may be secret.</summary>
    public override string ToString() => $"{ClientId} at {TokenEndpoint}";
}
