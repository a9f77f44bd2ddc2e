using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Publications;

/// <summary>The key that signs this site's manifests: made once, by the first silo, and kept sealed under the site key.</summary>
internal sealed class SigningKey(IPublicationStore store, CatalogOptions options)
{
    private readonly SecretBox _box = options.SiteKey.Box("signing");
    private readonly byte[] _associated = Encoding.UTF8.GetBytes($"{options.ServiceId}/signing-key");

    /// <summary>A signer with the key; the caller disposes it.</summary>
    /// <exception cref="CryptographicException">The kept key is not readable with this site key.</exception>
    public async Task<ManifestSigner> SignerAsync()
    {
        var sealedKey = await store.SigningKeyAsync(() =>
        {
            using var fresh = ManifestSigner.Create();
            return _box.Seal(fresh.ExportPrivateKey(), _associated);
        });
        var key = _box.Open(sealedKey, _associated);
        return key.IsSuccess
            ? ManifestSigner.Import(key.Value)
            : throw new CryptographicException($"The key that signs publications cannot be read: {key.Errors[0].Message}");
    }
}
