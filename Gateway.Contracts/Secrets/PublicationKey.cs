using System.Buffers.Text;
using System.Security.Cryptography;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Secrets;

/// <summary>
/// The key that edges hold: opens publications and their backups, but not the catalog. Derived from the <see cref="SiteKey"/>.
/// Its text form is <c>edge:</c> and 32 bytes in base64, so that the two keys can be told apart.
/// </summary>
public sealed class PublicationKey
{
    /// <summary>What the text form starts with.</summary>
    public const string Prefix = "edge:";

    private readonly byte[] _key;
    private readonly byte[] _nameKey;

    internal PublicationKey(byte[] key)
    {
        _key = key;
        _nameKey = KeyDerivation.Derive(key, "publication/names");
        Chunks = Box("publication/chunks");
    }

    /// <summary>The key's id, 16 hex digits; safe to log.</summary>
    public string Id => Chunks.KeyId;

    /// <summary>Seals and opens chunk bodies; the associated data is the chunk's name in UTF-8.</summary>
    public SecretBox Chunks { get; }

    /// <summary>
    /// Reads the key that an edge was given: the edge form, or the site key itself, from which it is derived.
    /// Trailing white space is ignored.
    /// </summary>
    /// <param name="text">The content of the key file.</param>
    /// <param name="isSiteKey">True when it was the site key: worth a warning on an edge.</param>
    public static Result<PublicationKey> Parse(string text, out bool isSiteKey)
    {
        isSiteKey = !text.StartsWith(Prefix, StringComparison.Ordinal);
        if (isSiteKey)
        {
            var site = SiteKey.Parse(text);
            return site.IsSuccess ? site.Value.Publication : site.Errors;
        }

        var key = KeyDerivation.Decode(text.AsSpan(Prefix.Length));
        return key.IsSuccess ? new PublicationKey(key.Value) : key.Errors;
    }

    /// <summary>The edge form, for the key file of an edge. A secret.</summary>
    public string Export() => Prefix + Convert.ToBase64String(_key);

    /// <summary>A box under a key derived for another purpose, e.g. <c>backup</c>.</summary>
    public SecretBox Box(string purpose) => new(KeyDerivation.Derive(_key, purpose));

    /// <summary>
    /// The name of a chunk: base64url HMAC-SHA-256 of its plain content under this key. Equal content, equal name;
    /// without the key a guess of the content cannot be checked.
    /// </summary>
    public string NameOf(ReadOnlySpan<byte> content) => Base64Url.EncodeToString(HMACSHA256.HashData(_nameKey, content));

    /// <inheritdoc />
    public override string ToString() => $"publication key {Id}";
}
