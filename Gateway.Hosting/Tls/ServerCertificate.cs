using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting.Expiry;

namespace Gateway.Hosting.Tls;

/// <summary>What an https port shows.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Chain">Intermediates sent along.</param>
/// <param name="CaFile">The PEM file that clients must trust; null for the operator's own certificate.</param>
public sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2[] Chain, string? CaFile) : IExpirySource
{
    /// <inheritdoc />
    public IEnumerable<ExpiringThing> Expiries() => [new("server_certificate", "the certificate of the https ports", new DateTimeOffset(Certificate.NotAfter))];
}
