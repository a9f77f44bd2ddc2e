using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Backends;

/// <summary>
/// Headers that the <c>Connection</c> header names are for the next hop only (RFC 9110, 7.6.1). A request's are removed before
/// any policy runs: removing them later would let a client take away what a policy set.
/// </summary>
internal static class ConnectionHeaders
{
    /// <summary>Removes the headers that a request's own <c>Connection</c> header names.</summary>
    public static void RemoveNominated(IHeaderDictionary request)
    {
        var connection = request.Connection;
        if (connection.Count > 0 && !(connection is [var only] && IsPlain(only)))
        {
            Remove(connection, request);
        }
    }

    /// <summary>Removes the headers that an answer's <c>Connection</c> header names from what goes to the client.</summary>
    public static void RemoveNominated(HttpResponseHeaders answer, IHeaderDictionary response)
    {
        if (answer.NonValidated.TryGetValues(HeaderNames.Connection, out var connection)
            && !(connection.Count == 1 && IsPlain(connection.ToString())))
        {
            Remove(new StringValues([.. connection]), response);
        }
    }

    private static bool IsPlain(string? value) =>
        value is null or "" or "keep-alive" or "Keep-Alive" or "close" or "Upgrade" or "upgrade";

    private static void Remove(StringValues connection, IHeaderDictionary headers)
    {
        foreach (var value in connection)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var name = value.AsSpan(range).Trim();
                // What frames a message, names its host or switches its protocol is not the client's to take away.
                if (!name.IsEmpty && !IsKept(name))
                {
                    headers.Remove(name.ToString());
                }
            }
        }
    }

    private static bool IsKept(ReadOnlySpan<char> name) =>
        name.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase);
}
