using System.Globalization;
using System.Net;

namespace Gateway.Site.Tests.Sites;

/// <summary>What an edge says of tokens that let a request pass: <c>counter;epoch;grant;serial;time</c>, and their number when it is not one.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="Epoch">The partition's epoch; 0 when no silo granted them.</param>
/// <param name="Grant">The grant in it; 0 when no silo granted them.</param>
/// <param name="Serial">The last token's number in the grant.</param>
/// <param name="At">When they were taken, in milliseconds of the clock.</param>
/// <param name="Count">How many.</param>
/// <param name="Edge">Who says so.</param>
/// <param name="Path">The path of the request.</param>
internal sealed record Admission(string Counter, long Epoch, long Grant, long Serial, long At, long Count, IPAddress? Edge, string Path)
{
    /// <summary>False in an outage.</summary>
    public bool IsGranted => Grant != 0;

    public static Admission Parse(string stamp, IPAddress? edge, string path)
    {
        var parts = stamp.Split(';');
        long Number(int part) => long.Parse(parts[part], CultureInfo.InvariantCulture);
        return new Admission(parts[0], Number(1), Number(2), Number(3), Number(4), parts.Length > 5 ? Number(5) : 1, edge, path);
    }
}
