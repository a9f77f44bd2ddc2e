using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Counters;

/// <summary>
/// A token with the time at which it was taken. Told to a backend, it lets a test judge the counters: the time at which requests arrive
/// somewhere says nothing about a sliding window. Only made where stamps are asked for.
/// </summary>
internal sealed class AdmissionStamp(Lease lease, DateTimeOffset at) : LimitGrant
{
    /// <summary>The header: <c>counter;lineage;grant;serial;site-time</c> for each limit that the request has passed.</summary>
    public const string Header = "X-Gateway-Admission";

    /// <summary>Where the token comes from.</summary>
    public Lease Lease { get; } = lease;

    /// <inheritdoc />
    public override void GiveBack() => Lease.GiveBack();

    /// <summary>Puts the tokens of a request on it.</summary>
    public static void SetOn(HttpRequest request, ref readonly LimitGrants grants)
    {
        var stamps = new string[grants.Count];
        for (var i = 0; i < stamps.Length; i++)
        {
            stamps[i] = ((AdmissionStamp)grants[i]).Text();
        }

        request.Headers[Header] = stamps.Length == 0 ? StringValues.Empty : new(string.Join(", ", stamps));
    }

    /// <summary>Numbered only now: a token that was given back and taken again lets one request pass.</summary>
    private string Text() => Lease.Grant.Stamp(Lease.NextSerial(), at);
}
