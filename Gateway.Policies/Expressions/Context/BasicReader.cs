using System.Text;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Reads <c>Authorization: Basic</c> (RFC 7617).</summary>
internal static class BasicReader
{
    private const string Scheme = "Basic ";
    private const int LongestText = 16 * 1024;

    public static BasicAuthCredentials? Read(string? header)
    {
        if (header is null || header.Length > LongestText || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var encoded = header.AsSpan(Scheme.Length).Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        return colon < 0 ? null : new(text[..colon], text[(colon + 1)..]);
    }
}
