using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Execution;

/// <summary>Who vouches for the certificates of clients. A chain is checked once in ten minutes, not with each request.</summary>
internal static class ClientCertificates
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);

    // A connection has one object for its certificate, so what is known of it ends with the connection.
    private static readonly ConditionalWeakTable<X509Certificate2, CertificateChain> s_chains = [];
    private static readonly ConditionalWeakTable<X509Certificate2, CertificateChain> s_chainsWithRevocation = [];

    /// <summary>The chain of the certificate that the client of a request presented.</summary>
    /// <param name="context">The request.</param>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="withRevocation">True to know whether it was revoked.</param>
    public static async ValueTask<CertificateChain> ChainOfAsync(PolicyContext context, X509Certificate2 certificate, bool withRevocation)
    {
        var chains = withRevocation ? s_chainsWithRevocation : s_chains;
        if (!chains.TryGetValue(certificate, out var known) || context.Timestamp - known.Checked >= s_lifetime)
        {
            // It may ask an authority for its list of those revoked, and cannot do so without holding its thread.
            known = await Task.Run(() => CertificateChain.Check(certificate, withRevocation, context.Timestamp, context.Deployment.Certificates.Values));
            chains.AddOrUpdate(certificate, known);
        }

        return known;
    }
}
