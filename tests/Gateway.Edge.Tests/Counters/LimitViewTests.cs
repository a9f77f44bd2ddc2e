using Gateway.Contracts.Counters;
using Gateway.Edge.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>What an edge says to whoever reports on limits.</summary>
public sealed class LimitViewTests
{
    [Fact]
    public async Task Describe_Asked_KnowsItsCountersByTheirKeys()
    {
        using var limits = new LimitHarness(new CounterOptions { Node = "edge-1" });
        limits.Silo.GrantAtLeast(1);
        await limits.DecideAsync("10.0.0.1");
        await limits.DecideAsync("another");

        var edge = await Describe(limits, limits.Counter, CounterId.Of("nobody's"));

        Assert.Equal(("edge-1", "strict", 0, 0L), (edge.Node, edge.Mode, edge.Waiting, edge.Bound));
        Assert.Equal(limits.Site.Edge, edge.Life);
        Assert.Equal(new CounterTitle(limits.Counter, "rate-limit-by-key", "managed", "10.0.0.1"), Assert.Single(edge.Titles));
        Assert.Empty((await Describe(limits)).Titles);
    }

    [Theory]
    [InlineData(LimitOutage.LastSeen, "last_seen", 25L)]
    [InlineData(LimitOutage.Closed, "closed", 0L)]
    [InlineData(LimitOutage.Escrow, "escrow", 0L)]
    [InlineData(LimitOutage.Open, "open", null)]
    public async Task Bound_WithoutSilos_IsWhatThePolicyLetsPass(LimitOutage onOutage, string mode, long? bound)
    {
        using var limits = new LimitHarness(new CounterOptions { OnOutage = onOutage });
        limits.Silo.Word = _ => new() { Granted = 1, Grant = 1, ValidForMilliseconds = 2000, Remaining = 80, ActiveEdges = 4 };
        await limits.DecideAsync();
        limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        limits.Contact.NotifyClusterConnectionLost();
        limits.Advance(3100);

        Assert.Equal(0, limits.Limits.Bound);
        limits.Now();

        var edge = await Describe(limits);
        Assert.Equal((mode, bound), (edge.Mode, edge.Bound));
    }

    private static Task<EdgeLimits> Describe(LimitHarness limits, params CounterId[] counters) =>
        Assert.IsAssignableFrom<ICounterEdgeView>(limits.Edge).Describe(counters, CancellationToken.None);
}
