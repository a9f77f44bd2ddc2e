using System.Globalization;
using System.Net.Http.Headers;

namespace Gateway.Edge.Calls;

/// <summary>
/// Says in a header how many calls of policies a request has come through, so that a policy whose call leads to itself, here or by way of other nodes, ends:
/// such calls have no list of addresses as forwarded requests have, which would tell strangers who the client is. Policies may make several calls each, so
/// where a chain of them is cut off, the answers say so as well, and every request of the chain ends with it instead of going on to its next call.
/// </summary>
internal static class CallDepth
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-Gateway-Call-Depth";

    /// <summary>A request that has come through so many makes no further call.</summary>
    public const int Maximum = 5;

    private const string Loop = "loop";

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

    /// <summary>Tells who called that the chain was cut off, whatever policies make of the answer; a client that is no gateway is told nothing.</summary>
    public static void TellOfLoop(HttpContext http)
    {
        if (!http.Response.HasStarted && http.Request.Headers.ContainsKey(Header))
        {
            http.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers[Header] = Loop;
                return Task.CompletedTask;
            }, http.Response);
        }
    }

    /// <summary>True for an answer of a chain that was cut off.</summary>
    public static bool IsLoop(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues(Header, out var values) && values.ToString() == Loop;
}
