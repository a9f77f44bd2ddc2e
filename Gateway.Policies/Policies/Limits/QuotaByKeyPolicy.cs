using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// Limits the calls and the KB of requests with the same key in fixed periods, over all edges together. A call over the quota is answered 403 with the
/// time until the next period. A key is counted once for the whole gateway: policies of any scope that use the same key and the same periods share its
/// counter, and a request that meets several of them counts once.
/// </summary>
public sealed class QuotaByKeyPolicy : IPolicy<QuotaByKeyPolicy>
{
    private const string Name = "quota-by-key";
    private const int ShortestPeriod = 300;
    private const string StartFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name, Sections = PolicySection.Inbound };

    /// <summary>
    /// <c>calls</c>: how many, 1 and up. <c>bandwidth</c>: how many KB (1,024 bytes) of request and response bodies, 1 and up. One of them is required.
    /// <c>renewal-period</c>: in periods of so many seconds, 300 and up; 0 for one that never ends; required. <c>first-period-start</c>: when the first of
    /// them starts, as <c>2026-01-31T00:00:00Z</c>; <c>0001-01-01T00:00:00Z</c> by default. <c>on-outage</c>: <c>last-seen</c>, <c>closed</c> or
    /// <c>open</c>, what an edge does that has no tokens and no silo; the host's setting by default. <c>shadow</c>: <c>true</c> only reports whom it would
    /// refuse; <c>false</c> by default.
    /// </summary>
    public required IReadOnlyList<LimitRule> Rules { get; init; }

    /// <summary><c>counter-key</c>: whose calls are counted together, nearly always an expression; required. An empty one fails the request with 500.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>increment-condition</c> and <c>increment-count</c>: what a request counts for; 1 by default. The count is one of calls, not of KB.</summary>
    public LimitIncrement Increment { get; init; } = LimitIncrement.One;

    /// <summary><c>rate-limit-headers</c>: the fields that tell where the quota stands; none by default.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static QuotaByKeyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (outage, shadow, answer) = (LimitNumbers.QuotaOnOutage(read), LimitNumbers.Shadow(read), LimitAnswer.ParseQuota(read));
        var (key, increment, start) = (read.RequiredSetting("counter-key"), LimitIncrement.Parse(element, read, parsing), Start(read));
        var rules = QuotaRules.Read(read, ShortestPeriod, null, (kind, limit, period) => new()
        {
            Policy = Name,
            Kind = kind,
            Calls = limit,
            PeriodSeconds = period,
            FirstPeriodStart = start,
            OnOutage = outage,
            IsShadow = shadow,
        });
        read.End();
        return rules is null || key is null ? null : new() { Rules = rules, Key = key.Value, Increment = increment, Answer = answer };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var key = Key.For(context);
        var calls = Increment.Reserve(context);
        return calls == 0 ? ValueTask.CompletedTask : TakeAllAsync(context, key, calls);
    }

    private static DateTimeOffset Start(ElementReader read)
    {
        if (read.Optional("first-period-start") is not { } text)
        {
            return DateTimeOffset.MinValue;
        }

        if (!DateTimeOffset.TryParseExact(text, StartFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start))
        {
            read.Error("first-period-start", "The attribute 'first-period-start' must be a time in UTC of the form 2026-01-31T00:00:00Z.");
        }

        return start;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeAllAsync(PolicyContext context, string key, long calls)
    {
        foreach (var rule in Rules)
        {
            if (context.HasCounted(rule, key))
            {
                continue;
            }

            var decision = await QuotaRules.TakeAsync(context, rule, key, Increment, calls);
            if (decision.Verdict != LimitVerdict.Admitted)
            {
                throw Answer.Refuse(context, rule, decision);
            }

            QuotaRules.Took(context, rule, decision, Increment, calls);
            Answer.Admit(context, decision, rule);
        }
    }
}
