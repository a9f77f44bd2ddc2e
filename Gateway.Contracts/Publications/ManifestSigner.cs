using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Contracts.Publications;

/// <summary>Signs manifests: ECDSA P-256, SHA-256, IEEE P1363 form. Not for use by several threads at once.</summary>
public sealed class ManifestSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private ManifestSigner(ECDsa key, IEnumerable<KeyLink> chain)
    {
        _key = key;
        _publicKey = key.ExportSubjectPublicKeyInfo();
        Chain = [.. chain.Take(KeyChain.MaximumLinks)];
    }

    /// <summary>A signer with a fresh key.</summary>
    public static ManifestSigner Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), []);

    /// <summary>A signer with a key that <see cref="ExportPrivateKey"/> gave.</summary>
    /// <param name="privateKey">The key.</param>
    /// <param name="chain">How it came after others, newest first; null for a first key.</param>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static ManifestSigner Import(ReadOnlySpan<byte> privateKey, IEnumerable<KeyLink>? chain = null)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return new ManifestSigner(key, chain ?? []);
        }
        catch (CryptographicException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>A signer with a fresh key that follows this one: whoever trusts this key can trust that one.</summary>
    public ManifestSigner Next()
    {
        var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new ManifestSigner(fresh, [new KeyLink(_publicKey, KeyChain.Sign(_key, fresh.ExportSubjectPublicKeyInfo())), .. Chain]);
    }

    /// <summary>This signer, such that whoever trusts the other's key can trust this one's, as can those who trusted one of the keys before this one.</summary>
    public ManifestSigner After(ManifestSigner other) => Import(
        ExportPrivateKey(),
        [new KeyLink(other._publicKey, KeyChain.Sign(other._key, _publicKey)), new KeyLink(_publicKey, KeyChain.Sign(_key, other._publicKey)), .. Chain]);

    /// <summary>How the key came after others, newest first.</summary>
    public KeyLink[] Chain { get; }

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
            Chain = Chain,
        };
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}
