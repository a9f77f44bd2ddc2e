using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Placement;

namespace Gateway.Grains.Tests.Counters.Placement;

public sealed class PartitionSharesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(300)]
    public void Assign_AnyCount_GivesEqualShares(int silos)
    {
        var counts = PartitionShares.Assign(Names(silos)).CountBy(silo => silo).Select(count => count.Value).ToArray();

        Assert.Equal(CounterId.Partitions, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, CounterId.Partitions / silos, (CounterId.Partitions / silos) + 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Assign_OneMore_MovesLittleMoreThanItsShare(int silos)
    {
        var before = PartitionShares.Assign(Names(silos));
        var after = PartitionShares.Assign(Names(silos + 1));

        var moved = before.Zip(after).Count(pair => pair.First != pair.Second);
        Assert.InRange(moved, CounterId.Partitions / (silos + 1), 2 * CounterId.Partitions / (silos + 1));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(index => $"10.0.0.{index}:11111@{index * 7919}")];
}
