using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Execution;

/// <summary>What is known of who vouches for a certificate.</summary>
/// <param name="Checked">When it was found out.</param>
/// <param name="WithRevocation">True when it was asked whether it was revoked.</param>
/// <param name="IsTrusted">True when the chain ends in an authority that the host trusts.</param>
/// <param name="IsRevoked">True when it was revoked, or when that cannot be told.</param>
/// <param name="IssuerThumbprint">The thumbprint of the issuer's certificate; null when that was not found.</param>
internal sealed record CertificateChain(DateTimeOffset Checked, bool WithRevocation, bool IsTrusted, bool IsRevoked, string? IssuerThumbprint)
{
    private const X509ChainStatusFlags Revocation =
        X509ChainStatusFlags.Revoked | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <summary>Times are judged apart.</summary>
    private const X509ChainStatusFlags Elsewhere = Revocation | X509ChainStatusFlags.NotTimeValid;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>True when nothing is wrong with a certificate at a time.</summary>
    public bool VouchesFor(X509Certificate2 certificate, DateTimeOffset now) =>
        IsTrusted && !IsRevoked && now >= certificate.NotBefore && now <= certificate.NotAfter;

    /// <summary>Finds out. Whether it was revoked is asked only of authorities that are trusted: where to ask stands in the certificate, and a stranger's may name anything.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="withRevocation">True to ask whether it was revoked.</param>
    /// <param name="now">The time.</param>
    /// <param name="known">Certificates that may have issued it, or its issuer; nobody need trust them.</param>
    public static CertificateChain Check(X509Certificate2 certificate, bool withRevocation, DateTimeOffset now, IEnumerable<X509Certificate2> known)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.ExtraStore.AddRange(known.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = s_patience;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        var isTrusted = (FlawsOf(chain, certificate) & ~Elsewhere) == X509ChainStatusFlags.NoError;
        var issuer = chain.ChainElements.Count > 1 ? chain.ChainElements[1].Certificate.Thumbprint : null;
        var isRevoked = withRevocation && (!isTrusted || IsRevokedBy(chain, certificate));
        return new(now, withRevocation, isTrusted, isRevoked, issuer);
    }

    private static bool IsRevokedBy(X509Chain chain, X509Certificate2 certificate)
    {
        chain.ChainPolicy.RevocationMode = X509RevocationMode.Online;
        return (FlawsOf(chain, certificate) & Revocation) != 0;
    }

    private static X509ChainStatusFlags FlawsOf(X509Chain chain, X509Certificate2 certificate)
    {
        chain.Build(certificate);
        return chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
    }
}
