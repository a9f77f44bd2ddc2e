using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Expressions.Context;

/// <summary>
/// What expressions are told of certificates. Whether one was revoked is asked of its authority before the expression runs, and of the client's certificate only: anybody
/// could write an address into another.
/// </summary>
internal static class CertificateVerdicts
{
    private static readonly ConditionalWeakTable<X509Certificate2, object> s_known = [];

    /// <summary>True when it is valid now and its chain ends in an authority that the host trusts. Nothing is fetched.</summary>
    public static bool IsTrusted(X509Certificate2 certificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        return CertificateChain.Check(certificate, withRevocation: false, now, []).VouchesFor(certificate, now);
    }

    /// <summary>Notes whether the client's certificate is good.</summary>
    public static void Note(X509Certificate2 certificate, bool isGood) => s_known.AddOrUpdate(certificate, isGood);

    /// <summary>True when it is trusted, and its authority says that it was not revoked.</summary>
    /// <exception cref="InvalidOperationException">It is not the client's.</exception>
    public static bool IsGood(X509Certificate2 certificate) => s_known.TryGetValue(certificate, out var isGood)
        ? (bool)isGood
        : throw new InvalidOperationException("Whether a certificate was revoked is known of the client's only. VerifyNoRevocation() judges others.");
}
