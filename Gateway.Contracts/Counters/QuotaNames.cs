using System.Globalization;

namespace Gateway.Contracts.Counters;

/// <summary>
/// Names the counters of quotas. Calls and KB are two counters. The periods are part of the name: with another length or start it is another counter,
/// which begins at zero.
/// </summary>
public static class QuotaNames
{
    /// <summary>The counter of <c>quota-by-key</c>: one for all policies of the gateway with the same key and the same periods.</summary>
    public static CounterId OfKey(string gateway, QuotaMeasure measure, QuotaPeriod period, string key) =>
        CounterId.Of(gateway, "by-key", Kind(measure), Seconds(period), FirstStart(period), key);

    /// <summary>The counter of <c>quota</c>: one for each subscription in the scope whose document it stands in, and in each nested element.</summary>
    /// <param name="gateway">The gateway that counts.</param>
    /// <param name="measure">What is counted.</param>
    /// <param name="period">The fixed periods.</param>
    /// <param name="scope">The kind of scope, e.g. <c>product</c>.</param>
    /// <param name="scopeId">The id of what is in scope, e.g. of the product.</param>
    /// <param name="part">The kind of the nested element; empty for none.</param>
    /// <param name="partId">The id of what the nested element names; empty for none.</param>
    /// <param name="subscription">The id of the subscription.</param>
    public static CounterId OfSubscription(
        string gateway, QuotaMeasure measure, QuotaPeriod period, string scope, string scopeId, string part, string partId, string subscription) =>
        CounterId.Of(gateway, Kind(measure), Seconds(period), FirstStart(period), scope, scopeId, part, partId, subscription);

    private static string Kind(QuotaMeasure measure) => measure == QuotaMeasure.Calls ? "quota-calls" : "quota-bandwidth";

    private static string Seconds(QuotaPeriod period) => period.Seconds.ToString(CultureInfo.InvariantCulture);

    private static string FirstStart(QuotaPeriod period) => period.FirstStart.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
