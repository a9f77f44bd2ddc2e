using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Edge.Backends;

/// <summary>Makes the URL of a forwarded request.</summary>
internal static class TargetUri
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private static readonly SearchValues<char> Sendable = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>True when the text can stand in a request line as it is: visible ASCII without a fragment sign.</summary>
    public static bool IsSendable(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Sendable);

    /// <summary>
    /// Joins base, path and query. They are sent as they are, so that the backend sees the bytes the client sent; what could break
    /// the request line is refused here.
    /// </summary>
    /// <param name="baseUrl">Of a web socket it may have the scheme ws or wss: the handshake is a request of http or https.</param>
    /// <param name="path">The path behind it, empty or from its slash on; of a base without a path an empty one is sent as a slash.</param>
    /// <param name="query">The query, empty or from its question mark on.</param>
    /// <param name="uri">The URL.</param>
    /// <returns>False when the base is not an absolute http, https, ws or wss URL, or a part cannot be sent.</returns>
    public static bool TryMake(string baseUrl, string path, string query, [NotNullWhen(true)] out Uri? uri)
    {
        uri = null;
        path = path.Length == 0 && !HasPath(baseUrl) ? "/" : path;
        return IsSendable(baseUrl) && IsSendable(path) && IsSendable(query)
            && (path.Length == 0 || path[0] == '/')
            && (query.Length == 0 || query[0] == '?')
            && Uri.TryCreate(IsWebSocket(baseUrl) ? $"http{baseUrl.AsSpan(2)}{path}{query}" : string.Concat(baseUrl, path, query), in Verbatim, out uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
    }

    private static bool HasPath(string url) =>
        url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && url.IndexOf('/', scheme + "://".Length) >= 0;

    private static bool IsWebSocket(string url) => url.StartsWith("ws", StringComparison.OrdinalIgnoreCase);
}
