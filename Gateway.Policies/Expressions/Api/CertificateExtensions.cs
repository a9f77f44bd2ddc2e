using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Api;

/// <summary>Judges certificates.</summary>
public static class CertificateExtensions
{
    /// <summary>
    /// True when the certificate is valid now and its chain ends in an authority that the host trusts; whether it was revoked is not asked. Nothing is
    /// fetched.
    /// </summary>
    public static bool VerifyNoRevocation(this X509Certificate2 certificate) => CertificateVerdicts.IsTrusted(certificate).Looked();
}
