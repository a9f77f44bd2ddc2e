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

    /// <summary>
    /// The sealed key to keep after a restore: the restored one, such that edges follow that trust the one kept now. The one kept now stays when it follows the
    /// restored one.
    /// </summary>
    /// <exception cref="CryptographicException">One of them is not readable with this site key.</exception>
    public byte[] Join(byte[] kept, byte[] restored)
    {
        var (mine, theirs) = (Open(kept), Open(restored));
        using var now = ManifestSigner.Import(mine.PrivateKey, mine.Chain);
        using var then = ManifestSigner.Import(theirs.PrivateKey, theirs.Chain);
        if (now.PublicKey.AsSpan().SequenceEqual(then.PublicKey) || KeyChain.LeadsTo(now.PublicKey, now.Chain, then.PublicKey))
        {
            return kept;
        }

        // The chain leads to the key of now, from there back to the restored one, and on to those before it.
        using var joined = then.After(now);
        return Seal(Math.Max(mine.Generation, theirs.Generation), joined);
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
