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

    /// <summary>Finds out.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="withRevocation">True to ask whether it was revoked.</param>
    /// <param name="now">The time.</param>
    /// <param name="known">Certificates that may have issued it, or its issuer; nobody need trust them.</param>
    public static CertificateChain Check(X509Certificate2 certificate, bool withRevocation, DateTimeOffset now, IEnumerable<X509Certificate2> known)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.ExtraStore.AddRange(known.ToArray());
        chain.ChainPolicy.RevocationMode = withRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = s_patience;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.Build(certificate);
        var flaws = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        var issuer = chain.ChainElements.Count > 1 ? chain.ChainElements[1].Certificate.Thumbprint : null;
        return new(now, withRevocation, (flaws & ~Elsewhere) == X509ChainStatusFlags.NoError, (flaws & Revocation) != 0, issuer);
    }
}
