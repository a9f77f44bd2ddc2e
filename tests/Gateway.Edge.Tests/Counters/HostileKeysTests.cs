using Gateway.Edge.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Whoever chooses keys chooses how many counters there are.</summary>
public sealed class HostileKeysTests
{
    [Fact]
    public async Task Take_TooManyKeys_RefusesNewOnesAndServesThoseItHas()
    {
        using var limits = new LimitHarness(new CounterOptions { MaximumCounters = 50 });
        limits.Silo.GrantAtLeast(2);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(LimitVerdict.Admitted, (await limits.DecideAsync($"key-{i}")).Verdict);
        }

        Assert.Equal(LimitVerdict.Undecided, limits.Now("one more").Verdict);
        Assert.Equal(LimitVerdict.Undecided, limits.Now(new string('x', 10_000)).Verdict);
        Assert.Equal(LimitVerdict.Admitted, limits.Now("key-7").Verdict);
    }

    [Fact]
    public async Task Sweep_CountersWithoutSpendsInTheirWindow_AreDropped()
    {
        using var limits = new LimitHarness(new CounterOptions { MaximumCounters = 50 });
        limits.Silo.GrantAtLeast(1);
        for (var i = 0; i < 50; i++)
        {
            await limits.DecideAsync($"key-{i}");
        }

        limits.Limits.Sweep();
        Assert.Equal(50, limits.Site.Counters);
        limits.Advance(62_000);
        limits.Limits.Sweep();

        Assert.Equal(0, limits.Site.Counters);
        Assert.Equal(LimitVerdict.Admitted, (await limits.DecideAsync("key-3")).Verdict);
        Assert.Equal(1, limits.Site.Counters);
    }

    [Fact]
    public async Task Take_TooManyWait_RefusesTheRest()
    {
        using var limits = new LimitHarness(new CounterOptions { MaximumWaiters = 10 });
        var gate = new TaskCompletionSource();
        limits.Silo.GrantAtLeast(10);
        limits.Silo.Before = _ => gate.Task;
        var waiting = Enumerable.Range(0, 10).Select(i => limits.DecideAsync($"key-{i % 3}")).ToArray();

        Assert.Equal(LimitVerdict.Undecided, limits.Now("key-9").Verdict);
        gate.SetResult();

        Assert.All(await Task.WhenAll(waiting), decision => Assert.Equal(LimitVerdict.Admitted, decision.Verdict));
        Assert.Equal(0, limits.Site.Waiters);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "A")]
    [InlineData("a", "a ")]
    [InlineData("a\0", "a")]
    public async Task Take_DifferentKeys_AreDifferentCounters(string one, string other)
    {
        using var limits = new LimitHarness();
        limits.Silo.GrantAtLeast(1);
        await limits.DecideAsync(one);
        await limits.DecideAsync(other);

        Assert.Equal(2, limits.Site.Counters);
    }

    [Fact]
    public async Task Take_LongKey_IsTheSameCounterEachTime()
    {
        using var limits = new LimitHarness();
        limits.Silo.GrantAtLeast(2);
        await limits.DecideAsync(new string('k', 5000));
        limits.Now(new string('k', 5000));

        Assert.Equal(1, limits.Site.Counters);
        Assert.Single(limits.Silo.Calls);
    }
}
