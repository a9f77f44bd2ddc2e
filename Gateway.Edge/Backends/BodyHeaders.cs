using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Backends;

/// <summary>The response headers that describe one certain body.</summary>
internal static class BodyHeaders
{
    private static readonly string[] Names =
    [
        HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.ContentRange, HeaderNames.ContentMD5,
        HeaderNames.AcceptRanges, HeaderNames.ETag, HeaderNames.Trailer, "Digest", "Content-Digest", "Repr-Digest",
    ];

    /// <summary>Removes them. The content type stays: who makes another body of another type says so.</summary>
    public static void RemoveFrom(IHeaderDictionary headers)
    {
        foreach (var name in Names)
        {
            headers.Remove(name);
        }
    }
}
