using System.Buffers.Text;
using System.Text.Json;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Reads JSON web tokens (RFC 7519) in their signed form, without checking anything.</summary>
internal static class JwtReader
{
    /// <summary>Longer tokens are not read, in characters.</summary>
    public const int LongestToken = 64 * 1024;

    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };

    public static Jwt? Read(string? token)
    {
        if (token is null || token.Length > LongestToken || token.AsSpan().Count('.') != 2)
        {
            return null;
        }

        try
        {
            return Read(token.Split('.'));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is no Unicode.
            return null;
        }
    }

    private static Jwt? Read(string[] parts)
    {
        using var header = Parse(parts[0]);
        using var payload = Parse(parts[1]);
        if (header is null || payload is null || !Base64Url.IsValid(parts[2]))
        {
            return null;
        }

        var claims = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var claim in payload.RootElement.EnumerateObject())
        {
            claims[claim.Name] = claim.Value.ValueKind == JsonValueKind.Array
                ? [.. claim.Value.EnumerateArray().Select(Text)]
                : [Text(claim.Value)];
        }

        return new Jwt
        {
            Algorithm = First(header.RootElement, "alg") ?? "",
            Type = First(header.RootElement, "typ"),
            Claims = new ValueLists(claims),
            Audiences = claims.TryGetValue("aud", out var audiences) ? audiences.Select(audience => audience) : [],
            Id = claims.GetValueOrDefault("jti"),
            Issuer = claims.GetValueOrDefault("iss"),
            Subject = claims.GetValueOrDefault("sub"),
            ExpirationTime = Time(payload.RootElement, "exp"),
            IssuedAt = Time(payload.RootElement, "iat"),
            NotBefore = Time(payload.RootElement, "nbf"),
        };
    }

    private static JsonDocument? Parse(string part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), _options);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string? First(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Seconds since 1970, also with a fraction; null for what no date is.</summary>
    private static DateTime? Time(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and <= 253_402_300_799
            ? DateTime.UnixEpoch.AddSeconds(seconds)
            : null;
}
