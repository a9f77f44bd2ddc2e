using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Pipelines;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Runs the policies in it, and again while a condition is true, up to a number of times. With <c>forward-request</c> in it the answer of each try
/// replaces the one before, and the body of the request is kept so that it can be sent again. A policy in it that fails ends it: on-error runs.
/// </summary>
public sealed class RetryPolicy : IPolicy<RetryPolicy>
{
    private const string Name = "retry";
    private const int MaximumSeconds = 3600;

    private BodyUse _bodiesOfCondition;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>condition</c>: true tries again; asked after each try but the last; required. An expression.</summary>
    public required PolicySetting<bool> Condition { get; init; }

    /// <summary><c>count</c>: how many tries after the first, 1 to 1 000; required. May be an expression. The reference product documents 50; documents in use have more.</summary>
    public required PolicySetting<int> Count { get; init; }

    /// <summary>
    /// The waits between tries, in seconds: <c>interval</c> (0 to 3 600, required) alone is always the same; with <c>delta</c> the <c>n</c>th
    /// is <c>interval + (n-1)·delta</c>; with <c>delta</c> and <c>max-interval</c> it is <c>interval + (2ⁿ-1)·delta·r</c>, <c>r</c> at random from 0.8 to 1.2, and at most
    /// <c>max-interval</c>. <c>max-interval</c> alone is an upper bound. <c>first-fast-retry</c>: true does not wait before the first further try. All may be expressions.
    /// </summary>
    public required RetryWaits Waits { get; init; }

    /// <summary>The policies that it holds.</summary>
    public required StepSequence Steps { get; init; }

    /// <inheritdoc/>
    public static RetryPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        foreach (var required in (string[])["condition", "count", "interval"])
        {
            if (!read.Has(required))
            {
                read.Error(required, $"The attribute '{required}' is missing.");
            }
        }

        // What the condition reads is the answer of the try before it.
        var condition = parsing.ReadApart(() => read.BooleanSetting("condition"), out var bodies);
        var count = read.IntegerSetting("count", 1, 1000);
        var interval = read.IntegerSetting("interval", 0, MaximumSeconds);
        var waits = new RetryWaits(
            interval ?? default, read.IntegerSetting("max-interval", 0, MaximumSeconds), read.IntegerSetting("delta", 0, MaximumSeconds),
            read.BooleanSetting("first-fast-retry") ?? new(false));
        var outer = parsing.IsRepeated;
        parsing.IsRepeated = true;
        var steps = parsing.OwnSteps(read);
        parsing.IsRepeated = outer;
        read.End();
        return condition is { } again && count is { } most && interval is not null
            ? new() { Condition = again, Count = most, Waits = waits, Steps = steps, _bodiesOfCondition = bodies }
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var (left, waits) = (Count.For(context), Waits.For(context));
        await Steps.ExecuteAsync(context);
        for (var n = 1; n <= left && !context.SkipsSteps && await IsAgainAsync(context); n++)
        {
            var wait = waits.Before(n, context.NextRandom());
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, context.Time, context.Http.RequestAborted);
            }

            await Steps.ExecuteAsync(context);
        }
    }

    private async ValueTask<bool> IsAgainAsync(PolicyContext context)
    {
        if (_bodiesOfCondition == BodyUse.None)
        {
            return Condition.For(context);
        }

        await BodyLoader.LoadAsync(context, _bodiesOfCondition, Name);
        var isAgain = Condition.For(context);
        await BodyChanges.SettleAsync(context);
        return isAgain;
    }
}
