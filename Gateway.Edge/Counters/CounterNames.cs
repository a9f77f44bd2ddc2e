using System.Globalization;
using Gateway.Contracts.Counters;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>Names the counters of limits: by gateway, kind, scope and subscription, or by the key; never by policy text, place or publication.</summary>
internal static class CounterNames
{
    /// <summary>The counter of a key.</summary>
    public static CounterName OfKey(string gateway, LimitRule rule, string key)
    {
        if (rule.Kind == LimitKind.Rate)
        {
            return new(CounterId.Of(gateway, "by-key", "rate-limit", rule.PeriodSeconds.ToString(CultureInfo.InvariantCulture), key), null, null);
        }

        var period = new QuotaPeriod(rule.PeriodSeconds, rule.FirstPeriodStart ?? DateTimeOffset.MinValue);
        return new(QuotaNames.OfKey(gateway, MeasureOf(rule), period, key), period, QuotaLabel.OfKey(gateway, MeasureOf(rule), key));
    }

    /// <summary>The counter of the caller's subscription.</summary>
    public static CounterName OfCaller(string gateway, LimitRule rule, PolicyContext context)
    {
        var (api, operation) = (context.Api?.Id, context.Operation?.Id);
        var subscription = context.Subscription!;
        var scopeId = rule.Scope switch
        {
            PolicyScope.Product => context.Product!.Id,
            PolicyScope.Api => api!,
            PolicyScope.Operation => $"{api}/{operation}",
            _ => "",
        };
        var partId = rule.Part switch
        {
            PolicyScope.Api => api!,
            PolicyScope.Operation => $"{api}/{operation}",
            _ => "",
        };
        var (scope, part) = (rule.Scope.Name(), rule.Part?.Name() ?? "");
        if (rule.Kind == LimitKind.Rate)
        {
            return new(CounterId.Of(gateway, "rate-limit", scope, scopeId, part, partId, subscription.Id), null, null);
        }

        var period = new QuotaPeriod(rule.PeriodSeconds, rule.FirstPeriodStart ?? subscription.CreatedDate);
        return new(
            QuotaNames.OfSubscription(gateway, MeasureOf(rule), period, scope, scopeId, part, partId, subscription.Id),
            period,
            QuotaLabel.OfSubscription(
                gateway, MeasureOf(rule), subscription.Id, rule.Part is null ? null : api, rule.Part == PolicyScope.Operation ? operation : null));
    }

    /// <summary>How operators know the rate limit of a subscription: with what it is counted in, and the part that is counted on its own.</summary>
    public static string TextOf(SubscriptionInfo subscription, ProductInfo? product, ApiInfo? api, OperationInfo? operation) =>
        $"subscription:{subscription.Id}{Part("product", product?.Id)}{Part("api", api?.Id)}{Part("operation", operation?.Id)}";

    private static string Part(string name, string? id) => id is null ? "" : $";{name}:{id}";

    private static QuotaMeasure MeasureOf(LimitRule rule) => rule.Kind == LimitKind.BandwidthQuota ? QuotaMeasure.Bandwidth : QuotaMeasure.Calls;
}

/// <summary>A counter's name.</summary>
/// <param name="Id">What partitions know it by.</param>
/// <param name="Period">Of a quota: its periods, which are part of the name.</param>
/// <param name="Label">Of a quota: how operators find it.</param>
internal readonly record struct CounterName(CounterId Id, QuotaPeriod? Period, QuotaLabel? Label);
