using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>
/// Whose manifests this edge accepts: those of the key in <c>Gateway:Trust:PublicKeyFile</c>, else of the first key that it ever
/// saw, which is kept in the data folder.
/// </summary>
internal sealed class TrustStore
{
    /// <summary>The pinned key's file in the data folder.</summary>
    public const string FileName = "publication-key.pem";

    private readonly string _path;
    private readonly bool _isConfigured;
    private byte[]? _key;

    private TrustStore(string path, bool isConfigured, byte[]? key) => (_path, _isConfigured, _key) = (path, isConfigured, key);

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
        return new TrustStore(pinned, false, !File.Exists(pinned) ? null : Read(pinned, cause => new ExitException(
            ExitCodes.DataFolder, $"The pinned key {pinned} is damaged: {cause.Message}", cause)));
    }

    /// <summary>The manifest, when a trusted key signed it.</summary>
    public Result<Manifest> Verify(SignedManifest signed)
    {
        var trusted = _key ?? signed.PublicKey;
        return signed.PublicKey.AsSpan().SequenceEqual(trusted)
            ? ManifestVerifier.Verify(signed, trusted)
            : new GatewayError(ErrorKind.ValidationError, Differs(signed.PublicKey, trusted));
    }

    /// <summary>Keeps the key of a manifest that was verified, when none was known before.</summary>
    public void Pin(SignedManifest verified)
    {
        if (_key is null)
        {
            PrivateFile.Write(_path, Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", verified.PublicKey) + "\n"));
            _key = verified.PublicKey;
        }
    }

    private string Differs(byte[] found, byte[] trusted)
    {
        var keys = $"the publication is signed by key {ManifestVerifier.Fingerprint(found)}, this edge trusts key {ManifestVerifier.Fingerprint(trusted)}";
        return _isConfigured
            ? $"{keys} of Gateway:Trust:PublicKeyFile ({_path})"
            : $"{keys}, the first that it saw ({_path}); if the site was set up anew, reset the trust of this edge";
    }

    private static byte[] Read(string path, Func<Exception, ExitException> refused)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return key.ExportSubjectPublicKeyInfo();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw refused(cause);
        }
    }
}
