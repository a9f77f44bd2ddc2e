using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>A signer, and what its key is kept as: a publication is stored only while that is still kept.</summary>
internal sealed record KeptSigner(ManifestSigner Signer, byte[] Kept);

/// <summary>
/// The key that signs this site's manifests: made by the first silo and kept sealed under the site key; followed by another, which it
/// signs, when a silo is told of a later generation.
/// </summary>
internal sealed partial class SigningKey(IPublicationStore store, CatalogOptions catalog, PublicationOptions options, ILogger<SigningKey> logger)
{
    private readonly SecretBox _box = catalog.SiteKey.Box("signing");
    private readonly byte[] _associated = Encoding.UTF8.GetBytes($"{catalog.ServiceId}/signing-key");

    /// <summary>A signer with the key; the caller disposes it.</summary>
    /// <exception cref="CryptographicException">The kept key is not readable with this site key.</exception>
    public async Task<KeptSigner> SignerAsync()
    {
        while (true)
        {
            var kept = await store.SigningKeyAsync(() =>
            {
                using var fresh = ManifestSigner.Create();
                return Seal(1, fresh);
            });
            var record = Open(kept);
            if (record.Generation >= options.SigningKeyGeneration)
            {
                return new KeptSigner(ManifestSigner.Import(record.PrivateKey, record.Chain), kept);
            }

            using var old = ManifestSigner.Import(record.PrivateKey, record.Chain);
            using var next = old.Next();

            if (await store.TryReplaceSigningKeyAsync(kept, Seal(options.SigningKeyGeneration, next)))
            {
                Log.Followed(logger, ManifestVerifier.Fingerprint(old.PublicKey), ManifestVerifier.Fingerprint(next.PublicKey), options.SigningKeyGeneration);
            }
        }
    }

    private byte[] Seal(int generation, ManifestSigner signer) =>
        _box.Seal(new SigningKeyRecord(generation, signer.ExportPrivateKey(), signer.Chain).ToBytes(), _associated);

    private SigningKeyRecord Open(byte[] kept)
    {
        var plain = _box.Open(kept, _associated);
        return plain.IsSuccess
            ? SigningKeyRecord.FromBytes(plain.Value)
            : throw new CryptographicException($"The key that signs publications cannot be read: {plain.Errors[0].Message}");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Key {Old} that signed publications is followed by key {New}, generation {Generation}; edges that trust the old one follow.")]
        public static partial void Followed(ILogger logger, string old, string @new, int generation);
    }
}
