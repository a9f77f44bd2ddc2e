using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Limits that only report.</summary>
public sealed class ShadowTests : IDisposable
{
    private readonly LimitHarness _limits = new() { Rule = new() { Policy = "rate-limit-by-key", Calls = 3, PeriodSeconds = 60, IsShadow = true } };

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Take_OverTheLimit_PassesIsCountedAndReported()
    {
        _limits.Silo.GrantOnce(3);
        var first = _limits.Context();
        // Nobody waits for a limit that refuses nobody.
        Assert.True(Take(first).IsCompleted);
        var second = _limits.Context();
        var admitted = await Take(second);
        Assert.NotNull(admitted.Grant);
        _ = await Take(_limits.Context());

        var denied = _limits.Context();
        await Take(denied);
        var known = _limits.Context();
        var decision = await Take(known);

        Assert.Equal((LimitVerdict.Admitted, null), (decision.Verdict, decision.Grant));
        Assert.Equal((null, null), (first.ShadowRefusals, second.ShadowRefusals));
        Assert.Equal(["rate-limit-by-key"], denied.ShadowRefusals);
        Assert.Equal(["rate-limit-by-key"], known.ShadowRefusals);
        Assert.Equal(3, _limits.Silo.Spent);
    }

    [Fact]
    public void Take_NobodyAnswers_PassesAtOnceAndIsReportedLater()
    {
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var context = _limits.Context();

        Assert.True(Take(context).IsCompletedSuccessfully);
        Assert.Null(context.ShadowRefusals);
        _limits.Advance(5000);

        Assert.True(SpinWait.SpinUntil(() => context.ShadowRefusals is not null, TimeSpan.FromSeconds(10)));
    }

    private ValueTask<LimitDecision> Take(PolicyContext context) => context.TakeAsync(_limits.Rule, "k");
}
