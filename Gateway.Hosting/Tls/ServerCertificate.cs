using System.Security.Cryptography.X509Certificates;

namespace Gateway.Hosting.Tls;

/// <summary>What an https port shows.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Chain">Intermediates sent along.</param>
/// <param name="CaFile">The PEM file that clients must trust; null for the operator's own certificate.</param>
public sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2[] Chain, string? CaFile);
