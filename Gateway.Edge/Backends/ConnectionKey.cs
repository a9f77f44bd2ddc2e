using System.Security.Cryptography;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Backends;

/// <summary>What connections must have in common to be used for each other's requests.</summary>
/// <param name="Trust">How the other end's certificate is judged.</param>
/// <param name="Proxy">The proxy that they go through; null for none.</param>
/// <param name="Thumbprint">Of the certificate that the gateway shows; null for none.</param>
/// <param name="ContinueTimeout">How long the other end may take to ask for a body that was announced; null for the usual time.</param>
internal readonly record struct ConnectionKey(BackendTrust Trust, ProxyServer? Proxy, string? Thumbprint, TimeSpan? ContinueTimeout)
{
    /// <summary>What nearly all requests use.</summary>
    public static ConnectionKey Usual => new(BackendTrust.Full, null, null, null);

    /// <summary>The key of what policies chose.</summary>
    public static ConnectionKey Of(BackendTrust trust, ConnectionChoice choice, TimeSpan? continueTimeout) =>
        new(trust, choice.Proxy, choice.Certificate?.GetCertHashString(HashAlgorithmName.SHA256), continueTimeout);
}
