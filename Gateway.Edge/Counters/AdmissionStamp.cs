using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Counters;

/// <summary>
/// Tokens with the time at which they were taken. Told to a backend, it lets a test judge the counters: the time at which requests arrive
/// somewhere says nothing about a sliding window. Only made where stamps are asked for.
/// </summary>
internal sealed class AdmissionStamp(EdgeGrant grant, DateTimeOffset at) : EdgeGrant(grant.Counter)
{
    /// <summary>The header: <c>counter;lineage;grant;serial;site-time</c> for each limit that the request has passed.</summary>
    public const string Header = "X-Gateway-Admission";

    /// <inheritdoc />
    public override long Deadline => grant.Deadline;

    /// <inheritdoc />
    public override string Stamp(long count, DateTimeOffset taken) => grant.Stamp(count, taken);

    /// <inheritdoc />
    public override void Return(TokenHand hand, long count, long now, bool isOver) => grant.Return(hand, count, now, isOver);

    /// <summary>Puts the tokens of a request on it.</summary>
    public static void SetOn(HttpRequest request, ref readonly LimitGrants grants)
    {
        var stamps = new string[grants.Count];
        for (var i = 0; i < stamps.Length; i++)
        {
            var (grant, count) = grants[i];
            stamps[i] = ((AdmissionStamp)((grant as Reservation)?.Grant ?? grant)).Text(count);
        }

        request.Headers[Header] = stamps.Length == 0 ? StringValues.Empty : new(string.Join(", ", stamps));
    }

    /// <summary>Numbered only now: a token that was given back and taken again lets one request pass.</summary>
    private string Text(long count) => Stamp(count, at);
}
