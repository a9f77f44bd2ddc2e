using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Contracts.Publications;

/// <summary>Signs manifests: ECDSA P-256, SHA-256, IEEE P1363 form. Not for use by several threads at once.</summary>
public sealed class ManifestSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private ManifestSigner(ECDsa key)
    {
        _key = key;
        _publicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>A signer with a fresh key.</summary>
    public static ManifestSigner Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A signer with a key that <see cref="ExportPrivateKey"/> gave.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static ManifestSigner Import(ReadOnlySpan<byte> privateKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return new ManifestSigner(key);
        }
        catch (CryptographicException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The key as PKCS#8; a secret, kept only encrypted under the site key.</summary>
    public byte[] ExportPrivateKey() => _key.ExportPkcs8PrivateKey();

    /// <summary>The public key as SubjectPublicKeyInfo (DER).</summary>
    public byte[] PublicKey => [.. _publicKey];

    /// <summary>Serialises and signs.</summary>
    public SignedManifest Sign(Manifest manifest)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(manifest, PublicationJson.Default.Manifest);
        return new SignedManifest
        {
            Payload = payload,
            Signature = _key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            PublicKey = _publicKey,
        };
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}
