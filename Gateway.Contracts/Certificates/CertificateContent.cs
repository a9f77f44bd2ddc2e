using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Certificates;

/// <summary>
/// Reads certificates as operators give them: PKCS #12 (.pfx) or DER in base64, or PEM, each with or without its private key.
/// </summary>
public static class CertificateContent
{
    private const string PemStart = "-----BEGIN";

    /// <summary>
    /// The certificate, with its private key when there is one. Bounded: a file that asks for more than a million rounds of key derivation is refused.
    /// </summary>
    /// <param name="data">Base64 of a .pfx or .cer file, or the text of a .pem file whose first certificate is the one meant.</param>
    /// <param name="password">Protects the private key; null or empty for none.</param>
    /// <returns>The certificate, which the caller owns; or why it cannot be read, in words that hold nothing of it.</returns>
    public static Result<X509Certificate2> Load(string data, string? password)
    {
        try
        {
            return data.Contains(PemStart, StringComparison.Ordinal) ? LoadPem(data, password) : LoadBinary(Convert.FromBase64String(data), password);
        }
        catch (FormatException)
        {
            return Refused("must be base64 of a .pfx or .cer file, or the text of a .pem file.");
        }
        catch (CryptographicException exception)
        {
            return Refused($"cannot be read as a certificate with this password: {exception.Message}");
        }
        catch (ArgumentException)
        {
            return Refused("cannot be read as a certificate: its PEM text is damaged.");
        }
    }

    private static Result<X509Certificate2> LoadBinary(byte[] bytes, string? password)
    {
        if (bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(PemStart)))
        {
            return LoadPem(Encoding.ASCII.GetString(bytes), password);
        }

        return X509Certificate2.GetCertContentType(bytes) switch
        {
            X509ContentType.Pkcs12 => X509CertificateLoader.LoadPkcs12(bytes, password),
            X509ContentType.Cert => X509CertificateLoader.LoadCertificate(bytes),
            _ => Refused("is neither a .pfx nor a .cer file."),
        };
    }

    private static X509Certificate2 LoadPem(string text, string? password) =>
        text.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal) ? X509Certificate2.CreateFromEncryptedPem(text, text, password)
        : text.Contains("PRIVATE KEY", StringComparison.Ordinal) ? X509Certificate2.CreateFromPem(text, text)
        : X509Certificate2.CreateFromPem(text);

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, message);
}
