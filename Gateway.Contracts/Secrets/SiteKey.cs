using System.Security.Cryptography;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Secrets;

/// <summary>
/// The key that all silos of a site share; every other key is derived from it (HKDF-SHA-256). 32 bytes, in files as base64.
/// </summary>
public sealed class SiteKey
{
    private readonly byte[] _key;

    private SiteKey(byte[] key)
    {
        _key = key;
        Catalog = Box("catalog");
        Publication = new PublicationKey(KeyDerivation.Derive(key, "publication"));
    }

    /// <summary>The id of the catalog key derived from it, 16 hex digits; safe to log.</summary>
    public string Id => Catalog.KeyId;

    /// <summary>Seals the secret properties of the catalog.</summary>
    public SecretBox Catalog { get; }

    /// <summary>The key of the site's edges.</summary>
    public PublicationKey Publication { get; }

    /// <summary>A new random key.</summary>
    public static SiteKey Generate() => new(RandomNumberGenerator.GetBytes(KeyDerivation.KeyLength));

    /// <summary>Reads the content of a key file; trailing white space is ignored. The errors never hold the text.</summary>
    public static Result<SiteKey> Parse(string text)
    {
        if (text.StartsWith(PublicationKey.Prefix, StringComparison.Ordinal))
        {
            return new GatewayError(
                ErrorKind.ValidationError,
                "This is a key for edges (it starts with 'edge:'); a silo needs the site key it was exported from.");
        }

        var key = KeyDerivation.Decode(text);
        return key.IsSuccess ? new SiteKey(key.Value) : key.Errors;
    }

    /// <summary>The base64 form, for a key file. A secret.</summary>
    public string Export() => Convert.ToBase64String(_key);

    /// <summary>A box under a key derived for another purpose, e.g. <c>signing</c>.</summary>
    public SecretBox Box(string purpose) => new(KeyDerivation.Derive(_key, purpose));

    /// <inheritdoc />
    public override string ToString() => $"site key {Id}";
}
