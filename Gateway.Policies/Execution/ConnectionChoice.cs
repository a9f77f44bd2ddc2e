using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Execution;

/// <summary>What policies chose for the connection that a request is sent on; default for the usual.</summary>
/// <param name="Proxy">The proxy that it goes through; null for none.</param>
/// <param name="Certificate">The certificate, with its private key, that the gateway shows of itself; null for none. Not disposed by who connects.</param>
public readonly record struct ConnectionChoice(ProxyServer? Proxy, X509Certificate2? Certificate)
{
    /// <summary>True when nothing was chosen.</summary>
    public bool IsUsual => Proxy is null && Certificate is null;

    /// <summary>This, and what others chose where this chooses nothing.</summary>
    public ConnectionChoice Or(in ConnectionChoice others) => new(Proxy ?? others.Proxy, Certificate ?? others.Certificate);
}

/// <summary>An HTTP proxy.</summary>
/// <param name="Url">Its absolute http or https URL.</param>
/// <param name="User">The user's name; null when it wants none.</param>
/// <param name="Password">The user's password; null when it wants none.</param>
public sealed record ProxyServer(Uri Url, string? User, string? Password)
{
    /// <summary>Its URL only: the rest is secret.</summary>
    public override string ToString() => Url.GetLeftPart(UriPartial.Authority);
}
