using System.Text;

namespace Gateway.Edge.Matching;

/// <summary>Reads a query as it came, without allocating.</summary>
internal static class QueryText
{
    /// <summary>The longest name or value, in characters as sent, that is decoded for a comparison; longer ones equal nothing.</summary>
    public const int LongestDecoded = 512;

    /// <summary>Finds the first parameter of this name; case does not count.</summary>
    /// <param name="query">The query with or without its question mark.</param>
    /// <param name="name">The name, decoded.</param>
    /// <param name="value">The value as sent, still escaped; empty when there is no equals sign.</param>
    public static bool TryFind(ReadOnlySpan<char> query, string name, out ReadOnlySpan<char> value)
    {
        for (var rest = query.StartsWith('?') ? query[1..] : query; !rest.IsEmpty;)
        {
            var ampersand = rest.IndexOf('&');
            var pair = ampersand < 0 ? rest : rest[..ampersand];
            rest = ampersand < 0 ? [] : rest[(ampersand + 1)..];
            var equals = pair.IndexOf('=');
            if (IsEqual(equals < 0 ? pair : pair[..equals], name, StringComparison.OrdinalIgnoreCase))
            {
                value = equals < 0 ? [] : pair[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>True when an escaped text decodes to the other one.</summary>
    public static bool IsEqual(ReadOnlySpan<char> escaped, string text, StringComparison comparison)
    {
        if (escaped.IndexOfAny('%', '+') < 0)
        {
            return escaped.Equals(text, comparison);
        }

        Span<char> buffer = stackalloc char[LongestDecoded];
        return TryDecode(escaped, buffer, out var length)
            && ((ReadOnlySpan<char>)buffer[..length]).Equals(text, comparison);
    }

    /// <summary>Decodes percent escapes and plus signs; false when the text is too long or its bytes are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> escaped, Span<char> decoded, out int length)
    {
        length = 0;
        if (escaped.Length > Math.Min(LongestDecoded, decoded.Length))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LongestDecoded];
        var count = 0;
        for (var index = 0; index < escaped.Length; index++)
        {
            var character = escaped[index];
            if (character > 0x7F)
            {
                return false;
            }

            if (character == '%' && index + 2 < escaped.Length
                && char.IsAsciiHexDigit(escaped[index + 1]) && char.IsAsciiHexDigit(escaped[index + 2]))
            {
                bytes[count++] = (byte)((FromHex(escaped[index + 1]) << 4) | FromHex(escaped[index + 2]));
                index += 2;
            }
            else
            {
                bytes[count++] = character == '+' ? (byte)' ' : (byte)character;
            }
        }

        return Encoding.UTF8.TryGetChars(bytes[..count], decoded, out length) && !decoded[..length].Contains('\uFFFD');
    }

    private static int FromHex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
