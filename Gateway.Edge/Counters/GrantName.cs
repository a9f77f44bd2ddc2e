using System.Globalization;
using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>A grant of a partition, through all leases that its tokens go through on this edge.</summary>
internal sealed class GrantName(CounterId counter, long epoch, long number)
{
    /// <summary>How many requests it has let pass; counted only for stamps.</summary>
    public long Serials;

    /// <summary>Says which token lets a request pass: <c>counter;lineage;grant;serial;site-time</c>.</summary>
    public string Stamp(long serial, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{counter};{epoch};{number};{serial};{now.ToUnixTimeMilliseconds()}");
}
