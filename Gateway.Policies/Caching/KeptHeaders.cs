using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Caching;

/// <summary>The headers of a response that are kept with it.</summary>
internal static class KeptHeaders
{
    // What belongs to one connection, or is made anew each time the response is sent.
    private static readonly FrozenSet<string> s_dropped = FrozenSet.ToFrozenSet(
    [
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization, HeaderNames.TE, HeaderNames.Trailer,
        HeaderNames.TransferEncoding, HeaderNames.Upgrade, HeaderNames.ContentLength, HeaderNames.Age, HeaderNames.CacheControl, HeaderNames.Expires, HeaderNames.Pragma, HeaderNames.SetCookie,
        HeaderNames.AltSvc, HeaderNames.StrictTransportSecurity,
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of the backend, and of policies behind it.</summary>
    /// <param name="headers">All headers of the response.</param>
    /// <param name="own">What policies had set before the request was forwarded: that is said to one caller, and each gets its own.</param>
    public static List<KeyValuePair<string, StringValues>> Of(IHeaderDictionary headers, KeyValuePair<string, StringValues>[] own)
    {
        var kept = new List<KeyValuePair<string, StringValues>>(headers.Count);
        foreach (var header in headers)
        {
            if (!s_dropped.Contains(header.Key) && !Find(own, header.Key, out _))
            {
                kept.Add(header);
            }
        }

        if (Find(own, HeaderNames.Vary, out _) && Vary(headers, own) is { Count: > 0 } vary)
        {
            kept.Add(new(HeaderNames.Vary, vary));
        }

        return kept;
    }

    /// <summary>The <c>Vary</c> of the backend: policies before it have put their own in front.</summary>
    public static StringValues Vary(IHeaderDictionary headers, KeyValuePair<string, StringValues>[] own)
    {
        var all = headers.Vary;
        return Find(own, HeaderNames.Vary, out var before) && all.Take(before.Count).SequenceEqual(before) ? new([.. all.Skip(before.Count)]) : all;
    }

    /// <summary>Finds a header by its name in any case.</summary>
    public static bool Find(KeyValuePair<string, StringValues>[] headers, string name, out StringValues values)
    {
        foreach (var header in headers)
        {
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                values = header.Value;
                return true;
            }
        }

        values = default;
        return false;
    }
}
