using System.Globalization;
using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>A grant of a partition, through all leases that its tokens go through on this edge.</summary>
internal sealed class GrantName(CounterId counter, long epoch, long number)
{
    /// <summary>How many tokens of it have let requests pass; counted only for stamps.</summary>
    public long Serials;

    /// <summary>Says which tokens let a request pass: <c>counter;lineage;grant;serial;site-time</c>, and <c>;count</c> when there are several, of which it names the last.</summary>
    public string Stamp(long serial, long count, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{counter};{epoch};{number};{serial};{now.ToUnixTimeMilliseconds()}{(count == 1 ? "" : $";{count}")}");
}
