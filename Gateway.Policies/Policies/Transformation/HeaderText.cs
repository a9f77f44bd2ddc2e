using System.Buffers;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>What may stand in a header.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> s_printable =
        SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    private static readonly SearchValues<char> s_control =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Append(0x7f).Where(c => c != '\t').Select(c => (char)c)]);

    /// <summary>Headers of one connection: the gateway sets them itself.</summary>
    private static readonly HashSet<string> s_connection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Headers whose values may not be joined with commas.</summary>
    private static readonly HashSet<string> s_separate = new(StringComparer.OrdinalIgnoreCase)
    {
        "User-Agent", "WWW-Authenticate", "Proxy-Authenticate", "Cookie", "Set-Cookie", "Warning", "Date", "Expires",
        "If-Modified-Since", "If-Unmodified-Since", "Last-Modified", "Retry-After",
    };

    public static bool IsName(string text) => text.Length is > 0 and <= 256 && !text.AsSpan().ContainsAnyExcept(s_token);

    public static bool IsValue(string text) => !text.AsSpan().ContainsAny(s_control);

    public static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExcept(s_printable);

    public static bool IsOfConnection(string name) => s_connection.Contains(name);

    public static bool StaysSeparate(string name) => s_separate.Contains(name);
}
