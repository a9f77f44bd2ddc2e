using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Limits;

/// <summary>What both quotas have in common: <c>calls</c> and <c>bandwidth</c> in the same periods, each with a counter of its own.</summary>
internal static class QuotaRules
{
    private const int BytesInKilobyte = 1024;

    /// <summary>The limits of an element that has at least one of the two; null after an error.</summary>
    /// <param name="read">The element.</param>
    /// <param name="shortest">The shortest period, in seconds.</param>
    /// <param name="outer">What limits the element that it is in, whose periods it has when it says nothing of them; null for none.</param>
    /// <param name="make">Makes one.</param>
    public static IReadOnlyList<LimitRule>? Read(ElementReader read, int shortest, IReadOnlyList<LimitRule>? outer, Func<LimitKind, int, int, LimitRule> make)
    {
        var (calls, bandwidth) = (read.Integer("calls", 1, int.MaxValue), read.Integer("bandwidth", 1, int.MaxValue));
        var period = outer is [var whole, ..] && !read.Has("renewal-period") ? whole.PeriodSeconds : LimitNumbers.QuotaPeriod(read, shortest);
        if (!read.Has("calls") && !read.Has("bandwidth"))
        {
            read.Error("calls", $"The element '{read.Name}' needs the attribute 'calls', 'bandwidth' or both.");
        }

        if (period is null || (calls is null && bandwidth is null))
        {
            return null;
        }

        var rules = new List<LimitRule>(2);
        if (calls is { } most)
        {
            rules.Add(make(LimitKind.CallQuota, most, period.Value));
        }

        if (bandwidth is { } kilobytes)
        {
            rules.Add(make(LimitKind.BandwidthQuota, kilobytes, period.Value));
        }

        return rules;
    }

    /// <summary>Takes what a request needs of a quota.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rule">The quota.</param>
    /// <param name="key">Names the counter; null for that of the subscription.</param>
    /// <param name="increment">For how many calls the request counts.</param>
    /// <param name="calls">The calls it counts for, as far as is known.</param>
    /// <returns>The word on it; whoever asked refuses the request if it does not pass.</returns>
    public static ValueTask<LimitDecision> TakeAsync(PolicyContext context, LimitRule rule, string? key, LimitIncrement increment, long calls) =>
        rule.Kind == LimitKind.BandwidthQuota
            ? context.TakeAsync(rule, key, KilobytesAtLeast(context.Http.Request, rule), isEstimate: true)
            : context.TakeAsync(rule, key, calls, increment.IsLate);

    /// <summary>Notes what was taken, and what is to be settled at the end of the request.</summary>
    public static void Took(PolicyContext context, LimitRule rule, in LimitDecision decision, LimitIncrement increment, long calls)
    {
        if (rule.Kind == LimitKind.CallQuota)
        {
            context.Took(decision, calls);
            increment.SettleLater(context, decision, calls, rule.Policy);
            return;
        }

        context.Took(decision, KilobytesAtLeast(context.Http.Request, rule));
        if (decision.Grant is LimitReservation reservation)
        {
            context.CountTransfer();
            increment.SettleTransferLater(context, reservation, rule.Policy);
        }
    }

    /// <summary>What a request is known to need before it is served; a body larger than the whole quota may begin when all of it is left.</summary>
    private static long KilobytesAtLeast(HttpRequest request, LimitRule rule)
    {
        var (whole, rest) = Math.DivRem(request.ContentLength ?? 0, BytesInKilobyte);
        return Math.Clamp(whole + (rest > 0 ? 1 : 0), 1, rule.Calls);
    }
}
