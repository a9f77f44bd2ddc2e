using System.Security.Cryptography;

namespace Gateway.Contracts.Publications;

/// <summary>
/// The line of keys that signed a site's manifests, newest link first. A link is the signature (ECDSA P-256, SHA-256, IEEE P1363 form) of the
/// key before over a fixed text and the key after, so that it can be taken for nothing else.
/// </summary>
public static class KeyChain
{
    /// <summary>Links at most: whoever trusts a key that is further back has to be told of the new one.</summary>
    public const int MaximumLinks = 8;

    private const int MaximumKeyLength = 512;

    /// <summary>The signature that makes one key the follower of another.</summary>
    /// <param name="previous">The key before, with its private part.</param>
    /// <param name="next">The key after: SubjectPublicKeyInfo, DER.</param>
    public static byte[] Sign(ECDsa previous, ReadOnlySpan<byte> next) =>
        previous.SignData(Text(next), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>True when the links lead from a key back to a trusted one, each signed by the key before.</summary>
    /// <param name="key">The key in question.</param>
    /// <param name="links">What came with it, newest first.</param>
    /// <param name="trusted">The trusted key.</param>
    public static bool LeadsTo(ReadOnlySpan<byte> key, IReadOnlyList<KeyLink> links, ReadOnlySpan<byte> trusted)
    {
        var current = key;
        foreach (var link in links.Take(MaximumLinks))
        {
            if (link?.PreviousKey is not { Length: <= MaximumKeyLength } previous || link.Signature is null || !IsSigned(previous, link.Signature, current))
            {
                return false;
            }

            if (trusted.SequenceEqual(previous))
            {
                return true;
            }

            current = previous;
        }

        return false;
    }

    private static bool IsSigned(byte[] previous, byte[] signature, ReadOnlySpan<byte> next)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(previous, out _);
            return key.VerifyData(Text(next), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // A key or signature that is none at all is as wrong as one that does not fit.
            return false;
        }
    }

    private static byte[] Text(ReadOnlySpan<byte> next) => [.. "gateway: this key signs publications from now on\n"u8, .. next];
}
