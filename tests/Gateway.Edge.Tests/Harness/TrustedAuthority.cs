using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Edge.Tests.Harness;

/// <summary>
/// An authority that this process trusts as if the host did. On Linux the roots of a user are files below HOME, so a HOME of the tests' own, set
/// before anything asks, leaves the machine as it is.
/// </summary>
internal static class TrustedAuthority
{
    private static readonly X509Certificate2 s_authority = Make();

    /// <summary>Whether it is trusted here.</summary>
    public static bool IsTrusted => OperatingSystem.IsLinux();

    [ModuleInitializer]
    internal static void Trust()
    {
        if (!IsTrusted)
        {
            return;
        }

        var home = Directory.CreateTempSubdirectory("gateway-tests-home").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(home, recursive: true);
        Environment.SetEnvironmentVariable("HOME", home);
        using var roots = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        using var certificate = X509CertificateLoader.LoadCertificate(s_authority.Export(X509ContentType.Cert));
        roots.Add(certificate);
    }

    /// <summary>Issues a certificate, for loopback and for clients.</summary>
    /// <param name="subject">Its subject.</param>
    /// <param name="revocations">Where to ask whether it was revoked; null for nowhere.</param>
    public static X509Certificate2 Issue(string subject, Uri? revocations = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (revocations is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocations.ToString()]));
        }

        using var signed = request.Create(s_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var made = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>The list of those that were revoked.</summary>
    public static byte[] Revoke(X509Certificate2 certificate)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(certificate);
        return list.Build(s_authority, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256);
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trusted authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
