using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Expressions.Context;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>X509Certificate2.Verify</c>, which asks authorities for their lists of revoked certificates each time.</summary>
public static class ChargedX509Certificate2
{
    /// <summary><c>certificate.Verify()</c>.</summary>
    public static bool ChargedVerify(this X509Certificate2 certificate) => CertificateVerdicts.IsGood(certificate).Looked();
}
