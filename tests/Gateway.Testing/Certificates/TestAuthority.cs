using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Testing.Certificates;

/// <summary>A CA for tests, and the certificates that it gives out.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid _server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid _client = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _ca;

    /// <summary>Makes one.</summary>
    /// <param name="name">Its common name.</param>
    public TestAuthority(string name = "test CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _ca = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    /// <summary>Its certificate in PEM.</summary>
    public string Pem => _ca.ExportCertificatePem() + "\n";

    /// <summary>A certificate and its key in PEM.</summary>
    /// <param name="name">The common name.</param>
    /// <param name="isServer">True when it may stand on the side that listens.</param>
    /// <param name="isClient">True when it may stand on the side that connects.</param>
    /// <param name="until">Its end; null for a far one.</param>
    public string Give(string name, bool isServer = true, bool isClient = true, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. isServer ? [_server] : Array.Empty<Oid>(), .. isClient ? [_client] : Array.Empty<Oid>()], true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_ca, true, false));
        using var certificate = request.Create(_ca, DateTimeOffset.UnixEpoch, until ?? DateTimeOffset.UnixEpoch.AddYears(150), RandomNumberGenerator.GetBytes(16));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <inheritdoc />
    public void Dispose() => _ca.Dispose();
}
