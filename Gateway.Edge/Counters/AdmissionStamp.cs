using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Counters;

/// <summary>
/// Tells a backend which tokens let a request pass, so that a test can judge the counters: the time at which requests arrive somewhere says
/// nothing about a sliding window.
/// </summary>
internal static class AdmissionStamp
{
    /// <summary>The header: <c>counter;lineage;grant;serial;site-time</c> for each limit that the request has passed.</summary>
    public const string Header = "X-Gateway-Admission";

    /// <summary>Puts it on a request that goes to a backend.</summary>
    public static void SetOn(HttpRequest request, ref readonly LimitGrants grants, DateTimeOffset now)
    {
        var stamps = new string[grants.Count];
        for (var i = 0; i < stamps.Length; i++)
        {
            var lease = (Lease)grants[i];
            stamps[i] = lease.Grant.Stamp(lease.NextSerial(), now);
        }

        request.Headers[Header] = stamps.Length == 0 ? StringValues.Empty : new(string.Join(", ", stamps));
    }
}
