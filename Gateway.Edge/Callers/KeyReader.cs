using Gateway.Edge.Matching;
using Gateway.Edge.Models;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Callers;

/// <summary>Finds the subscription key of a request: in the API's header, and in the query only when the header is absent.</summary>
internal static class KeyReader
{
    /// <summary>Reads and hashes the key. Allocates nothing but for the first key of a connection.</summary>
    /// <param name="api">The API called.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">The key's hash; default when it cannot be a key, which no subscription has.</param>
    /// <returns>False when there is no key.</returns>
    public static bool TryRead(ApiModel api, HttpRequest request, out KeyHash key)
    {
        key = default;
        if (request.Headers.TryGetValue(api.KeyHeader, out var header) && header is not [null or ""])
        {
            if (header is [{ Length: <= KeyHash.LongestKey } text])
            {
                key = FirstKey.HashOf(request.HttpContext, text);
            }

            return true;
        }

        if (!QueryText.TryFind(request.QueryString.Value, api.KeyQuery, out var escaped) || escaped.IsEmpty)
        {
            return false;
        }

        Span<char> decoded = stackalloc char[QueryText.LongestDecoded];
        if (QueryText.TryDecode(escaped, decoded, out var length) && length <= KeyHash.LongestKey)
        {
            key = KeyHash.Of(decoded[..length]);
        }

        return true;
    }

    /// <summary>The key itself, for the expressions that ask for it; null when there is none.</summary>
    /// <param name="api">The API called.</param>
    /// <param name="header">The API's header for keys.</param>
    /// <param name="query">The query that the client sent, with its question mark, or empty.</param>
    public static string? Read(ApiModel api, StringValues header, string query)
    {
        if (header.Count > 0 && header is not [null or ""])
        {
            return header.ToString();
        }

        Span<char> decoded = stackalloc char[QueryText.LongestDecoded];
        return QueryText.TryFind(query, api.KeyQuery, out var escaped) && !escaped.IsEmpty && QueryText.TryDecode(escaped, decoded, out var length)
            ? decoded[..length].ToString()
            : null;
    }
}
