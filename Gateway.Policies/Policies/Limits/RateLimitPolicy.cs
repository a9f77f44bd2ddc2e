using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// Limits the calls of each subscription within the product, API or operation whose document it stands in, over all edges together, in a
/// sliding window. A call over the limit is answered 429 with the seconds to wait. Requests without a subscription are not limited. An
/// <c>api</c> and an <c>operation</c> in it are counted besides the whole, each for itself: a call must pass all that name it.
/// </summary>
public sealed class RateLimitPolicy : IPolicy<RateLimitPolicy>
{
    private const string Name = "rate-limit";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = Name,
        Sections = PolicySection.Inbound,
        Scopes = PolicyScope.Product | PolicyScope.Api | PolicyScope.Operation,
        OncePerDocument = true,
    };

    /// <summary>
    /// <c>calls</c>: how many, 1 and up; required. <c>renewal-period</c>: in any span of so many seconds, 1 to 300; required.
    /// <c>on-outage</c>: <c>last-seen</c>, <c>closed</c>, <c>escrow</c> or <c>open</c>, what an edge does that has no tokens and no silo; the host's setting by default.
    /// <c>shadow</c>: <c>true</c> only reports whom it would refuse, its parts too; <c>false</c> by default.
    /// </summary>
    public required LimitRule Rule { get; init; }

    /// <summary><c>api</c>: any number; with <c>id</c> or <c>name</c> (the id wins), <c>calls</c> and <c>renewal-period</c>, and <c>operation</c> elements of the same form.</summary>
    public IReadOnlyList<LimitPart> Apis { get; init; } = [];

    /// <summary>The names of headers and variables that tell where the limit stands.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static RateLimitPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (outage, shadow, answer) = (LimitNumbers.OnOutage(read), LimitNumbers.Shadow(read), LimitAnswer.Parse(read));
        IReadOnlyList<LimitRule>? Rules(ElementReader at, PolicyScope? part, IReadOnlyList<LimitRule>? outer) => (LimitNumbers.Calls(at), LimitNumbers.Period(at)) is not ({ } calls, { } period) ? null :
        [
            new()
            {
                Policy = Name, Calls = calls, PeriodSeconds = period, Scope = parsing.Scope, Part = part, OnOutage = outage, IsShadow = shadow,
            },
        ];

        var whole = Rules(read, null, null);
        var apis = LimitPart.ParseApis(read, parsing, whole, Rules);
        read.End();
        return whole is null ? null : new() { Rule = whole[0], Apis = apis, Answer = answer };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.Subscription is null)
        {
            return ValueTask.CompletedTask;
        }

        var taking = context.TakeAsync(Rule, null);
        if (Apis.Count > 0 || !taking.IsCompletedSuccessfully)
        {
            return FinishAsync(context, taking);
        }

        var decision = taking.Result;
        Take(context, decision, Rule);
        Answer.Admit(context, decision, Rule);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(PolicyContext context, ValueTask<LimitDecision> whole)
    {
        var (least, rule) = (await whole, Rule);
        Take(context, least, rule);
        for (var part = LimitPart.ForApi(Apis, context); part is not null; part = part.ForOperation(context))
        {
            var own = part.Rules[0];
            var decision = await context.TakeAsync(own, null);
            Take(context, decision, own);
            (least, rule) = decision.Remaining < least.Remaining ? (decision, own) : (least, rule);
        }

        Answer.Admit(context, least, rule);
    }

    /// <exception cref="PolicyException">The request does not pass.</exception>
    private void Take(PolicyContext context, in LimitDecision decision, LimitRule rule)
    {
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            throw Answer.Refuse(context, rule, decision);
        }

        context.Took(decision, 1);
    }
}
