using System.Security.Cryptography;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Backends;

/// <summary>What connections must have in common to be used for each other's requests.</summary>
/// <param name="Trust">How the other end's certificate is judged.</param>
/// <param name="Proxy">The proxy that they go through; null for none.</param>
/// <param name="Thumbprint">Of the certificate that the gateway shows; null for none.</param>
/// <param name="ContinueTimeout">How long the other end may take to ask for a body that was announced; null for the usual time.</param>
/// <param name="IsCall">True for the calls of policies, which may lead to this gateway itself; forwarded requests may not.</param>
internal readonly record struct ConnectionKey(BackendTrust Trust, ProxyServer? Proxy, string? Thumbprint, TimeSpan? ContinueTimeout, bool IsCall)
{
    /// <summary>What nearly all forwarded requests use.</summary>
    public static ConnectionKey Usual => Of(BackendTrust.Full, default, null);

    /// <summary>What nearly all calls use.</summary>
    public static ConnectionKey UsualCall => OfCall(default);

    /// <summary>The key of a forwarded request for which policies chose this.</summary>
    public static ConnectionKey Of(BackendTrust trust, ConnectionChoice choice, TimeSpan? continueTimeout) =>
        new(trust, choice.Proxy, choice.Certificate?.GetCertHashString(HashAlgorithmName.SHA256), continueTimeout, IsCall: false);

    /// <summary>The key of a call for which policies chose this.</summary>
    public static ConnectionKey OfCall(ConnectionChoice choice) => Of(BackendTrust.Full, choice, null) with { IsCall = true };
}
