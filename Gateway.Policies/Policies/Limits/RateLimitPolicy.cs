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
    /// <c>on-outage</c>: <c>last-seen</c> or <c>closed</c>, what an edge does that has no tokens and no silo; the host's setting by default.
    /// </summary>
    public required LimitRule Rule { get; init; }

    /// <summary><c>api</c>: any number; with <c>id</c> or <c>name</c> (the id wins), <c>calls</c> and <c>renewal-period</c>, and <c>operation</c> elements of the same form.</summary>
    public IReadOnlyList<RateLimitPart> Apis { get; init; } = [];

    /// <summary>The names of headers and variables that tell where the limit stands.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static RateLimitPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (calls, period, outage) = (LimitNumbers.Calls(read), LimitNumbers.Period(read), LimitNumbers.OnOutage(read));
        var answer = LimitAnswer.Parse(read);
        var apis = new List<RateLimitPart>();
        foreach (var child in read.Children("api"))
        {
            if (RateLimitPart.Parse(child, parsing, PolicyScope.Api, outage) is { } api)
            {
                apis.Add(api);
            }
        }

        read.End();
        return calls is null || period is null ? null : new()
        {
            Rule = new() { Calls = calls.Value, PeriodSeconds = period.Value, Scope = parsing.Scope, OnOutage = outage },
            Apis = apis,
            Answer = answer,
        };
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

        Answer.Admit(context, Take(context, taking.Result, Rule), Rule.Calls);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(PolicyContext context, ValueTask<LimitDecision> whole)
    {
        var remaining = Take(context, await whole, Rule);
        var total = Rule.Calls;
        for (var part = FindApi(context); part is not null; part = FindOperation(part, context))
        {
            var left = Take(context, await context.TakeAsync(part.Rule, null), part.Rule);
            (remaining, total) = left < remaining ? (left, part.Rule.Calls) : (remaining, total);
        }

        Answer.Admit(context, remaining, total);
    }

    /// <returns>What remains of the limit.</returns>
    /// <exception cref="PolicyException">The request does not pass.</exception>
    private long Take(PolicyContext context, LimitDecision decision, LimitRule rule)
    {
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            throw Answer.Refuse(context, Name, decision, rule.Calls);
        }

        context.LimitGrants.Add(decision.Grant!);
        return decision.Remaining;
    }

    private RateLimitPart? FindApi(PolicyContext context) => context.Api is { } api ? Find(Apis, api.Id, api.Name) : null;

    private static RateLimitPart? FindOperation(RateLimitPart part, PolicyContext context) =>
        context.Operation is { } operation ? Find(part.Operations, operation.Id, operation.Name) : null;

    private static RateLimitPart? Find(IReadOnlyList<RateLimitPart> parts, string id, string name)
    {
        foreach (var part in parts)
        {
            if (part.Names(id, name))
            {
                return part;
            }
        }

        return null;
    }
}
