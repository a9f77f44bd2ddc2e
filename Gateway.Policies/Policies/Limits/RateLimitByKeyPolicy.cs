using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;

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

    /// <summary>
    /// <c>calls</c>: how many, 1 and up; required. <c>renewal-period</c>: in any span of so many seconds, 1 to 300; required.
    /// <c>on-outage</c>: <c>last-seen</c> or <c>closed</c>, what an edge does that has no tokens and no silo; the host's setting by default.
    /// </summary>
    public required LimitRule Rule { get; init; }

    /// <summary><c>counter-key</c>: whose calls are counted together; required. An empty one fails the request with 500.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary>The names of headers and variables that tell where the limit stands.</summary>
    public LimitAnswer Answer { get; init; } = new();

    /// <inheritdoc/>
    public static RateLimitByKeyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (calls, period, outage) = (LimitNumbers.Calls(read), LimitNumbers.Period(read), LimitNumbers.OnOutage(read));
        var key = read.RequiredSetting("counter-key");
        var answer = LimitAnswer.Parse(read);
        foreach (var attribute in (string[])["increment-condition", "increment-count"])
        {
            read.NotSupported(attribute, "every call counts as one, when it arrives");
        }

        read.End();
        return calls is null || period is null || key is null ? null : new()
        {
            Rule = new() { Calls = calls.Value, PeriodSeconds = period.Value, Scope = parsing.Scope, OnOutage = outage },
            Key = key.Value,
            Answer = answer,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var key = Key.For(context);
        if (string.IsNullOrEmpty(key))
        {
            throw NoKey();
        }

        var taking = context.TakeAsync(Rule, key);
        if (!taking.IsCompletedSuccessfully)
        {
            return FinishAsync(context, taking, Rule);
        }

        Finish(context, taking.Result, Rule);
        return ValueTask.CompletedTask;
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

    private static PolicyException NoKey() => new(
        new LastError { Source = Name, Reason = "ExpressionValueValidationFailure", Message = "The value of 'counter-key' is null or empty." },
        StatusCodes.Status500InternalServerError,
        "Internal server error");
}
