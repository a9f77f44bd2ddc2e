using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// Limits the calls and the KB of each subscription to a product in fixed periods, over all edges together. A call over the quota is answered 403
/// with the time until the next period. The periods begin with the creation of the subscription. An <c>api</c> and an <c>operation</c> in it are counted
/// besides the whole, each for itself: a call must pass all that name it.
/// </summary>
public sealed class QuotaPolicy : IPolicy<QuotaPolicy>
{
    private const string Name = "quota";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = Name,
        Sections = PolicySection.Inbound,
        Scopes = PolicyScope.Product,
        OncePerDocument = true,
    };

    /// <summary>
    /// <c>calls</c>: how many, 1 and up. <c>bandwidth</c>: how many KB (1,024 bytes) of request and response bodies, 1 and up. One of them is required.
    /// <c>renewal-period</c>: in periods of so many seconds; 0 for one that never ends; required. <c>on-outage</c>: <c>last-seen</c>, <c>closed</c> or
    /// <c>open</c>, what an edge does that has no tokens and no silo; the host's setting by default. <c>shadow</c>: <c>true</c> only reports whom it would
    /// refuse; <c>false</c> by default.
    /// </summary>
    public required IReadOnlyList<LimitRule> Rules { get; init; }

    /// <summary><c>api</c>: any number; with <c>id</c> or <c>name</c> (the id wins), the same attributes, and <c>operation</c> elements of the same form. Without a <c>renewal-period</c> it has that of the element it is in.</summary>
    public IReadOnlyList<LimitPart> Apis { get; init; } = [];

    /// <summary><c>rate-limit-headers</c>: the fields that tell where the quota stands; none by default.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static QuotaPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (outage, shadow, answer) = (LimitNumbers.QuotaOnOutage(read), LimitNumbers.Shadow(read), LimitAnswer.ParseQuota(read));
        IReadOnlyList<LimitRule>? Rules(ElementReader at, PolicyScope? part, IReadOnlyList<LimitRule>? outer) => QuotaRules.Read(at, 1, outer, (kind, limit, period) => new()
        {
            Policy = Name,
            Kind = kind,
            Calls = limit,
            PeriodSeconds = period,
            Scope = parsing.Scope,
            Part = part,
            OnOutage = outage,
            IsShadow = shadow,
        });

        var whole = Rules(read, null, null);
        var apis = LimitPart.ParseApis(read, parsing, whole, Rules);
        read.End();
        return whole is null ? null : new() { Rules = whole, Apis = apis, Answer = answer };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context) => context.Subscription is null ? ValueTask.CompletedTask : TakeAllAsync(context);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeAllAsync(PolicyContext context)
    {
        foreach (var rule in Rules)
        {
            Answer.Admit(context, await TakeAsync(context, rule), rule);
        }

        for (var part = LimitPart.ForApi(Apis, context); part is not null; part = part.ForOperation(context))
        {
            foreach (var rule in part.Rules)
            {
                await TakeAsync(context, rule);
            }
        }
    }

    /// <exception cref="PolicyException">The request does not pass.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LimitDecision> TakeAsync(PolicyContext context, LimitRule rule)
    {
        var decision = await QuotaRules.TakeAsync(context, rule, null, LimitIncrement.One, 1);
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            throw Answer.Refuse(context, rule, decision);
        }

        QuotaRules.Took(context, rule, decision, LimitIncrement.One, 1);
        return decision;
    }
}
