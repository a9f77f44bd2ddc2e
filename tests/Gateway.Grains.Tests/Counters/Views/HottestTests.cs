using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Views;

namespace Gateway.Grains.Tests.Counters.Views;

public sealed class HottestTests
{
    [Fact]
    public void Hottest_OfMany_KeepsTheGreatestPartThenTheGreatestCount()
    {
        var hottest = new Hottest<string>(3);
        foreach (var (name, charged, limit) in new[] { ("half", 50, 100), ("all of few", 1, 1), ("none", 0, 10), ("all of many", 100, 100), ("most", 9, 10) })
        {
            hottest.Add(name, LimitHeat.Of(CounterId.Of(name), charged, limit));
        }

        Assert.Equal(["all of many", "all of few", "most"], hottest.TakeSorted());
    }

    [Fact]
    public void Merge_OfSilos_ShowsACounterOnceAsWhoKnowsMore()
    {
        var (a, b, c) = (CounterId.Of("a"), CounterId.Of("b"), CounterId.Of("c"));

        var merged = LimitsGrain.Merge([Silo("s1", View(a, 4), View(b, 2)), Silo("s2", View(c, 9), View(a, 1))], 2);

        Assert.Equal([(c, 9L), (a, 4L)], merged.Select(limit => (limit.Counter, limit.Used)));
    }

    [Fact]
    public void Partition_Described_ShowsTheMostUsedAndFreesWhatIsOver()
    {
        var partition = new CounterPartition(1, 100);
        var (busy, idle, old) = (CounterId.Of("busy"), CounterId.Of("idle"), CounterId.Of("old"));
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        Ask(partition, 0, one, 1, old, want: 10);
        Ask(partition, 70_000, one, 2, busy, want: 8);
        Ask(partition, 70_000, two, 1, busy, want: 2);
        Ask(partition, 70_500, one, 3, busy, want: 0, spent: 5, held: 3);
        Ask(partition, 70_500, one, 4, idle, want: 1);

        var view = PartitionDescriber.Describe(partition, 71_000, 1);

        var limit = Assert.Single(view.Hottest);
        Assert.Equal((busy, 5L, 5L, 90L), (limit.Counter, limit.Used, limit.Lent, limit.Remaining));
        Assert.Equal([(one, 3L, 5L), (two, 2L, 0L)], limit.Holders.Select(holder => (holder.Edge, holder.Held, holder.Spent!.Value)));
        Assert.Equal((3, 10L), (view.Count, view.Stranded));
    }

    [Fact]
    public void Partition_WithManyHolders_ListsThoseWithMost()
    {
        var partition = new CounterPartition(1, 100);
        var counter = CounterId.Of("c");
        for (var edge = 0; edge < LimitView.MostHolders + 5; edge++)
        {
            Ask(partition, 0, Guid.NewGuid(), 1, counter, want: 1);
        }

        var limit = Assert.Single(PartitionDescriber.Describe(partition, 0, 10).Hottest);

        Assert.Equal((LimitView.MostHolders, LimitView.MostHolders + 5), (limit.Holders.Length, limit.HolderCount));
    }

    [Theory]
    [InlineData(LendingMode.Fenced, 0, false, 2, 0L)] // all answer
    [InlineData(LendingMode.Fenced, 1, false, 2, 50L)] // its part of the limit
    [InlineData(LendingMode.Fenced, 3, false, 0, 300L)] // nobody shared it: each believes to be alone
    [InlineData(LendingMode.Fenced, 0, true, 2, 0L)] // the fence holds against a silo that is cut off
    [InlineData(LendingMode.Unfenced, 0, false, 2, 0L)] // no store, but all silos answer
    [InlineData(LendingMode.Unfenced, 0, true, 2, null)] // no store, and a silo that may lend the same
    public void Bound_ByFault_IsThatOfTheTable(LendingMode mode, int silentEdges, bool isSiloSilent, int holders, long? bound) =>
        Assert.Equal(bound, OverAdmission.Bound(View(CounterId.Of("c"), 1) with { Mode = mode, HolderCount = holders }, silentEdges, isSiloSilent));

    private static void Ask(CounterPartition partition, long now, Guid edge, long sequence, CounterId counter, long want, long spent = 0, long held = 0) => partition.Acquire(now, new LeaseCall
    {
        Edge = edge,
        Observer = null!,
        Sequence = sequence,
        Epoch = sequence == 1 ? 0 : 1,
        Requests =
        [
            new LeaseRequest
            {
                Counter = counter,
                Definition = new CounterDefinition { Limit = 100, PeriodMilliseconds = 60_000 },
                Want = want,
                Spent = spent,
                Held = held,
            },
        ],
    });

    private static SiloLimitsView Silo(string name, params LimitView[] hottest) =>
        new(new SiloLimits { Name = name, Mode = LendingMode.Fenced, Partitions = 1, Lending = 1, Counters = hottest.Length, Stranded = 0 }, hottest, [], StoreDurability.Unknown);

    private static LimitView View(CounterId counter, long used) => new()
    {
        Counter = counter,
        Definition = new CounterDefinition { Limit = 100, PeriodMilliseconds = 60_000 },
        Used = used,
        Lent = 0,
        Holders = [],
        HolderCount = 0,
        Silo = "",
        Mode = LendingMode.Fenced,
    };
}
