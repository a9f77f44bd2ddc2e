using System.Globalization;
using System.Net.Http.Headers;

namespace Gateway.Edge.Calls;

/// <summary>
/// Says in a header how many calls of policies a request has come through, so that a policy whose call leads, by way of other nodes, to itself ends:
/// such calls have no list of addresses as forwarded requests have, which would tell strangers who the client is.
/// </summary>
internal static class CallDepth
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-Gateway-Call-Depth";

    /// <summary>A request that has come through so many makes no further call.</summary>
    public const int Maximum = 8;

    /// <summary>How many a request has come through.</summary>
    public static int Of(IHeaderDictionary headers)
    {
        var text = headers[Header];
        return text.Count == 0 ? 0
            : int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var depth) ? Math.Min(depth, Maximum)
            : Maximum;
    }

    /// <summary>Says so of a request that is about to be sent.</summary>
    public static void Set(HttpRequestHeaders headers, int depth)
    {
        headers.Remove(Header);
        headers.TryAddWithoutValidation(Header, depth.ToString(CultureInfo.InvariantCulture));
    }
}
