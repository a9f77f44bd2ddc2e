using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// Limits the calls that have the same key, over all edges together, in a sliding window. A call over the limit is answered 429 with the
/// seconds to wait. A key is counted once for the whole gateway: policies of any scope that use the same key and the same period share
/// its counter, so give them the same <c>calls</c>.
/// </summary>
public sealed class RateLimitByKeyPolicy : IPolicy<RateLimitByKeyPolicy>
{
    private const string Name = "rate-limit-by-key";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name, Sections = PolicySection.Inbound };

    private LimitRule? _rule;

    /// <summary><c>calls</c>: how many, 1 and up; required. May be an expression: then what it said last counts.</summary>
    public required PolicySetting<int> Calls { get; init; }

    /// <summary><c>renewal-period</c>: the length of the window, 1 to 300 seconds; required. May be an expression.</summary>
    public required PolicySetting<int> Period { get; init; }

    /// <summary><c>counter-key</c>: whose calls are counted together, nearly always an expression; required. An empty one fails the request with 500.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>on-outage</c>: <c>last-seen</c> or <c>closed</c>, what an edge does that has no tokens and no silo; the host's setting by default.</summary>
    public LimitOutage? OnOutage { get; init; }

    /// <summary>The names of headers and variables that tell where the limit stands.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static RateLimitByKeyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (calls, period, outage) = (LimitNumbers.CallsSetting(read, element), LimitNumbers.PeriodSetting(read, element), LimitNumbers.OnOutage(read));
        var key = read.RequiredSetting("counter-key");
        var answer = LimitAnswer.Parse(read);
        foreach (var attribute in (string[])["increment-condition", "increment-count"])
        {
            read.NotSupported(attribute, "every call counts as one, when it arrives");
        }

        read.End();
        return calls is null || period is null || key is null ? null : new()
        {
            Calls = calls.Value,
            Period = period.Value,
            Key = key.Value,
            OnOutage = outage,
            Answer = answer,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var rule = RuleFor(context);
        var taking = context.TakeAsync(rule, Key.For(context));
        if (!taking.IsCompletedSuccessfully)
        {
            return FinishAsync(context, taking, rule);
        }

        Finish(context, taking.Result, rule);
        return ValueTask.CompletedTask;
    }

    /// <summary>One object as long as the numbers stay the same: counters are found by it.</summary>
    private LimitRule RuleFor(PolicyContext context)
    {
        var rule = _rule;
        var isPublished = Calls.IsLiteral && Period.IsLiteral;
        if (isPublished && rule is not null)
        {
            return rule;
        }

        var (calls, period) = (Calls.For(context), Period.For(context));
        return rule is not null && rule.Calls == calls && rule.PeriodSeconds == period
            ? rule
            : _rule = new() { Calls = calls, PeriodSeconds = period, IsPublished = isPublished, OnOutage = OnOutage };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(PolicyContext context, ValueTask<LimitDecision> taking, LimitRule rule) =>
        Finish(context, await taking, rule);

    private void Finish(PolicyContext context, LimitDecision decision, LimitRule rule)
    {
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            throw Answer.Refuse(context, Name, decision, rule.Calls);
        }

        context.LimitGrants.Add(decision.Grant!);
        Answer.Admit(context, decision.Remaining, rule.Calls);
    }
}
