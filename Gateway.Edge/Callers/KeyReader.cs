using Gateway.Edge.Matching;
using Gateway.Edge.Models;

namespace Gateway.Edge.Callers;

/// <summary>Finds the subscription key of a request: in the API's header, and in the query only when the header is absent.</summary>
internal static class KeyReader
{
    /// <summary>Reads and hashes the key. Allocates nothing.</summary>
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
                key = KeyHash.Of(text);
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
}
