using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>
/// Whose manifests this edge accepts: those of the key in <c>Gateway:Trust:PublicKeyFile</c>, else of the first key that it ever
/// saw, which is kept in the data folder; and of keys that follow it, each signed by the one before.
/// </summary>
internal sealed class TrustStore
{
    /// <summary>The pinned key's file in the data folder.</summary>
    public const string FileName = "publication-key.pem";

    private readonly string _path;
    private readonly bool _isConfigured;
    private byte[]? _key;
    private byte[]? _previous;

    private TrustStore(string path, bool isConfigured, params byte[][] keys) =>
        (_path, _isConfigured, _key, _previous) = (path, isConfigured, keys.ElementAtOrDefault(0), keys.ElementAtOrDefault(1));

    /// <summary>Reads the configured or pinned key.</summary>
    /// <exception cref="ExitException">The file holds no public key: code 2 for the configured one, 4 for the pinned one.</exception>
    public static TrustStore Open(PublicationFeedOptions options)
    {
        if (options.PublicKeyFile is { } configured)
        {
            return new TrustStore(configured, true, Read(configured, cause => new ExitException(
                ExitCodes.Setting, $"Gateway:Trust:PublicKeyFile names {configured}, which is no public key of an EC P-256 key in PEM: {cause.Message}", cause)));
        }

        var pinned = Path.Combine(options.DataPath, FileName);
        return new TrustStore(pinned, false, !File.Exists(pinned) ? [] : Read(pinned, cause => new ExitException(
            ExitCodes.DataFolder, $"The pinned key {pinned} is damaged: {cause.Message}", cause)));
    }

    /// <summary>The keys that a data folder has pinned: the one in force, and the one before it.</summary>
    /// <param name="dataPath">The data folder.</param>
    /// <exception cref="ExitException">The file holds no public key: code 4.</exception>
    public static IReadOnlyList<byte[]> Pinned(string dataPath)
    {
        var store = Open(new PublicationFeedOptions { Gateway = "", Node = "", DataPath = dataPath });
        return [.. new[] { store._key, store._previous }.OfType<byte[]>()];
    }

    /// <summary>The manifest, when a trusted key signed it, or one that follows it.</summary>
    /// <param name="signed">What arrived.</param>
    /// <param name="isOwnCopy">True for the edge's own backup: it may be of the key before, because the pin moves first.</param>
    public Result<Manifest> Verify(SignedManifest signed, bool isOwnCopy = false)
    {
        var trusted = isOwnCopy && _previous is not null && signed.PublicKey.AsSpan().SequenceEqual(_previous) ? _previous : _key ?? signed.PublicKey;
        return signed.PublicKey.AsSpan().SequenceEqual(trusted) || KeyChain.LeadsTo(signed.PublicKey, signed.Chain, trusted)
            ? ManifestVerifier.Verify(signed, signed.PublicKey)
            : new GatewayError(ErrorKind.ValidationError, Differs(signed.PublicKey, trusted));
    }

    /// <summary>Keeps the key of a manifest that was verified, when none was known before or when it follows the one that was.</summary>
    public void Pin(SignedManifest verified)
    {
        if (_isConfigured || IsOneOf(verified.PublicKey, _key, _previous))
        {
            return;
        }

        byte[][] keys = [verified.PublicKey, .. new[] { _key }.OfType<byte[]>()];
        PrivateFile.Write(_path, Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => PemEncoding.WriteString("PUBLIC KEY", key) + "\n"))));
        (_key, _previous) = (verified.PublicKey, _key);
    }

    private static bool IsOneOf(byte[] key, params byte[]?[] known) => known.Any(one => one is not null && key.AsSpan().SequenceEqual(one));

    private string Differs(byte[] found, byte[] trusted)
    {
        var keys = $"the publication is signed by key {ManifestVerifier.Fingerprint(found)}, this edge trusts key {ManifestVerifier.Fingerprint(trusted)}";
        return _isConfigured
            ? $"{keys} of Gateway:Trust:PublicKeyFile ({_path})"
            : $"{keys}, the first that it saw ({_path}); if the site was set up anew, stop this edge and run `gateway trust reset --data {Path.GetDirectoryName(_path)}`";
    }

    // The newest key first; all are tried, so that a damaged file is noticed.
    private static byte[][] Read(string path, Func<Exception, ExitException> refused)
    {
        try
        {
            var keys = new List<byte[]>();
            var rest = File.ReadAllText(path).AsSpan();
            while (PemEncoding.TryFind(rest, out var fields))
            {
                using var key = ECDsa.Create();
                key.ImportFromPem(rest[fields.Location]);
                keys.Add(key.ExportSubjectPublicKeyInfo());
                rest = rest[fields.Location.End..];
            }

            return keys.Count > 0 ? [.. keys] : throw new ArgumentException("No PEM was found in it.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw refused(cause);
        }
    }
}
