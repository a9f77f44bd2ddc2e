using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Testing.Certificates;

/// <summary>Certificates that sign themselves, valid until 2040, and the forms that operators give them in.</summary>
public static class TestCertificates
{
    private const string Password = "p@ss";

    /// <summary>A certificate with its key.</summary>
    /// <param name="subject">E.g. <c>CN=x</c>.</param>
    /// <param name="algorithm"><c>RSA</c> or <c>ECDSA</c>.</param>
    public static X509Certificate2 Make(string subject, string algorithm = "RSA")
    {
        using var rsa = algorithm == "RSA" ? RSA.Create(2048) : null;
        using var ecdsa = rsa is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var request = rsa is not null
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, ecdsa!, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2040, 1, 2, 3, 4, 5, TimeSpan.Zero));
    }

    /// <summary>The properties <c>data</c> and <c>password</c> of a certificate resource.</summary>
    public static (string Data, string? Password) Write(X509Certificate2 certificate, string form) => form switch
    {
        "pfx" => (Convert.ToBase64String(certificate.Export(X509ContentType.Pfx)), null),
        "pfx with password" => (Convert.ToBase64String(certificate.Export(X509ContentType.Pfx, Password)), Password),
        "cer" => (Convert.ToBase64String(certificate.RawData), null),
        "pem" => (Pem(certificate), null),
        "pem without key" => (certificate.ExportCertificatePem(), null),
        "pem with password" => ($"{certificate.ExportCertificatePem()}\n{KeyOf(certificate).ExportEncryptedPkcs8PrivateKeyPem(Password, new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))}", Password),
        "pem in base64" => (Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem(certificate))), null),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Unknown form."),
    };

    private static string Pem(X509Certificate2 certificate) => $"{certificate.ExportCertificatePem()}\n{KeyOf(certificate).ExportPkcs8PrivateKeyPem()}";

    private static AsymmetricAlgorithm KeyOf(X509Certificate2 certificate) => certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm)certificate.GetECDsaPrivateKey()!;
}
