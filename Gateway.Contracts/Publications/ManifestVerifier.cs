using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Publications;

/// <summary>Reads signed manifests. Nothing of a manifest is looked at before its signature was found right.</summary>
public static class ManifestVerifier
{
    /// <summary>Bytes of a manifest at most: the pages take 8 KiB, the rest is for predecessors.</summary>
    public const int MaximumLength = 1024 * 1024;

    /// <summary>
    /// The manifest, when it was signed by the trusted key and has a shape that this code understands. Whose key it is, is the
    /// caller's to know: the key inside <paramref name="signed"/> is never trusted for being there.
    /// </summary>
    /// <param name="signed">What arrived.</param>
    /// <param name="trustedKey">The pinned or configured key: SubjectPublicKeyInfo, DER.</param>
    public static Result<Manifest> Verify(SignedManifest signed, ReadOnlySpan<byte> trustedKey)
    {
        if (signed.Payload.Length > MaximumLength)
        {
            return Wrong($"the manifest has {signed.Payload.Length} bytes; at most {MaximumLength} are accepted");
        }

        if (!signed.PublicKey.AsSpan().SequenceEqual(trustedKey))
        {
            return Wrong("the manifest was signed by another key than the trusted one");
        }

        return IsSigned(signed, trustedKey) ? Read(signed.Payload) : Wrong("the manifest's signature is wrong");
    }

    /// <summary>The first 16 hex digits of the key's SHA-256, for people to compare.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 8));

    private static bool IsSigned(SignedManifest signed, ReadOnlySpan<byte> trustedKey)
    {
        try
        {
            using var rented = VerifyingKey.Rent(trustedKey);
            return rented.Key.VerifyData(signed.Payload, signed.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // A key or signature that is none at all is as wrong as one that does not fit.
            return false;
        }
    }

    private static Result<Manifest> Read(byte[] payload)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(payload, PublicationJson.Default.Manifest);
            return manifest is null ? Wrong("the manifest is empty")
                : ManifestRules.Objection(manifest) is { } objection ? Wrong(objection)
                : manifest;
        }
        catch (JsonException exception)
        {
            return Wrong($"the manifest is not readable: {exception.Message}");
        }
    }

    private static GatewayError Wrong(string message) => new(ErrorKind.ValidationError, message);
}
