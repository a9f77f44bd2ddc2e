using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Federation;

/// <summary>
/// What a site shows its hub: <c>GATEWAY&amp;EXPIRY&amp;SIGNATURE</c>, with the end as UTC <c>yyyyMMddHHmmss</c> and an HMAC-SHA-256 under the
/// gateway's primary or secondary key in base64url. Wire. A new key ends all tokens that were made with the one before.
/// </summary>
public sealed class GatewayToken
{
    /// <summary>The scheme of the Authorization header; also accepted in front of a token.</summary>
    public const string Scheme = "GatewayKey";

    private const char Separator = '&';
    private const string Format = "yyyyMMddHHmmss";
    private const int MaximumLength = 512;

    private readonly byte[] _signature;

    private GatewayToken(string gateway, DateTimeOffset expiry, byte[] signature) => (Gateway, Expiry, _signature) = (gateway, expiry, signature);

    /// <summary>A token lives at most this long.</summary>
    public static TimeSpan MaximumLife { get; } = TimeSpan.FromDays(30);

    /// <summary>The id of the gateway that it is for.</summary>
    public string Gateway { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Expiry { get; }

    /// <summary>Makes a token. A secret.</summary>
    /// <param name="gateway">The gateway's id.</param>
    /// <param name="key">The key that it is bound to.</param>
    /// <param name="expiry">When it ends; parts of a second do not count.</param>
    public static string Issue(string gateway, string key, DateTimeOffset expiry)
    {
        var end = expiry.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
        return $"{gateway}{Separator}{end}{Separator}{Base64Url.EncodeToString(Sign(gateway, end, key))}";
    }

    /// <summary>Reads a token; nothing of it is believed before <see cref="IsSignedBy"/>. The error never shows the text.</summary>
    /// <param name="text">The token, with or without <see cref="Scheme"/> in front.</param>
    public static Result<GatewayToken> Parse(string text)
    {
        var token = text.AsSpan().Trim();
        if (token.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase))
        {
            token = token[(Scheme.Length + 1)..].TrimStart();
        }

        var last = token.LastIndexOf(Separator);
        var first = token.IndexOf(Separator);
        if (token.Length > MaximumLength || first <= 0 || last == first
            || !DateTimeOffset.TryParseExact(token[(first + 1)..last], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expiry)
            || !Base64Url.IsValid(token[(last + 1)..], out var length) || length != SHA256.HashSizeInBytes)
        {
            return new GatewayError(ErrorKind.ValidationError, "The gateway token is none of this product: it must be GATEWAY&yyyyMMddHHmmss&SIGNATURE, as generateToken of the hub gives it.");
        }

        return new GatewayToken(token[..first].ToString(), expiry, Base64Url.DecodeFromChars(token[(last + 1)..]));
    }

    /// <summary>True when the token was made with this key; compared in a time that tells nothing.</summary>
    public bool IsSignedBy(string key) =>
        CryptographicOperations.FixedTimeEquals(_signature, Sign(Gateway, Expiry.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture), key));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"token of gateway '{Gateway}' until {Expiry:u}");

    // The text in front keeps the key from signing anything else in the same way.
    private static byte[] Sign(string gateway, string end, string key) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"gateway-token\n{gateway}\n{end}"));
}
