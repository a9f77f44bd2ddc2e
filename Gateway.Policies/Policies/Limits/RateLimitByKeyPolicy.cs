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

    /// <summary><c>increment-condition</c> and <c>increment-count</c>: what a request counts for; 1 by default.</summary>
    public LimitIncrement Increment { get; init; } = LimitIncrement.One;

    /// <summary>
    /// <c>on-outage</c>: <c>last-seen</c>, <c>closed</c>, <c>escrow</c> or <c>open</c>, what an edge does that has no tokens and no silo; the host's setting by default.
    /// </summary>
    public LimitOutage? OnOutage { get; init; }

    /// <summary><c>shadow</c>: <c>true</c> only reports whom it would refuse; <c>false</c> by default.</summary>
    public bool Shadow { get; init; }

    /// <summary>The names of headers and variables that tell where the limit stands.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static RateLimitByKeyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (calls, period, outage) = (LimitNumbers.CallsSetting(read, element), LimitNumbers.PeriodSetting(read, element), LimitNumbers.OnOutage(read));
        var (key, shadow) = (read.RequiredSetting("counter-key"), LimitNumbers.Shadow(read));
        var (increment, answer) = (LimitIncrement.Parse(element, read, parsing), LimitAnswer.Parse(read));
        read.End();
        return calls is null || period is null || key is null ? null : new()
        {
            Calls = calls.Value,
            Period = period.Value,
            Key = key.Value,
            Increment = increment,
            OnOutage = outage,
            Shadow = shadow,
            Answer = answer,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var rule = RuleFor(context);
        var key = Key.For(context);
        var count = Increment.Reserve(context);
        if (count == 0)
        {
            return ValueTask.CompletedTask;
        }

        var taking = context.TakeAsync(rule, key, count, Increment.IsLate);
        if (!taking.IsCompletedSuccessfully)
        {
            return FinishAsync(context, taking, rule, count);
        }

        Finish(context, taking.Result, rule, count);
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
            : _rule = new() { Policy = Name, Calls = calls, PeriodSeconds = period, IsPublished = isPublished, OnOutage = OnOutage, IsShadow = Shadow };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(PolicyContext context, ValueTask<LimitDecision> taking, LimitRule rule, long count) =>
        Finish(context, await taking, rule, count);

    private void Finish(PolicyContext context, LimitDecision decision, LimitRule rule, long count)
    {
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            throw Answer.Refuse(context, rule, decision);
        }

        context.Took(decision, count);
        Increment.SettleLater(context, decision, count, Name);
        Answer.Admit(context, decision, rule);
    }
}
