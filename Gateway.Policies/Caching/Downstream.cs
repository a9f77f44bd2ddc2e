using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Caching;

/// <summary>Tells the client, and caches before it, what they may do with a response.</summary>
internal static class Downstream
{
    /// <summary>Says it in the response.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="terms">Who may cache.</param>
    /// <param name="life">How long the gateway itself keeps the response, from its making on.</param>
    public static void SetOn(IHeaderDictionary headers, LookupTerms terms, TimeSpan life)
    {
        headers.Remove(HeaderNames.Expires);
        headers.Remove(HeaderNames.Pragma);
        var seconds = ((long)life.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var again = terms.MustRevalidate ? ", must-revalidate" : "";
        headers.CacheControl = terms.Downstream switch
        {
            DownstreamCaching.Private => $"private, max-age={seconds}{again}",
            DownstreamCaching.Public => $"public, max-age={seconds}{again}",
            _ => "no-store",
        };
    }
}
