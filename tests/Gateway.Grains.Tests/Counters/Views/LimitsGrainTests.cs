using System.Diagnostics;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Testing.Stores;

namespace Gateway.Grains.Tests.Counters.Views;

public sealed class LimitsGrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CounterDefinition Definition = new() { Limit = 20, PeriodMilliseconds = 60_000, Publication = new PublicationId("L", 1) };
    private static readonly QuotaPeriod Period = new(31_000_000_000, DateTimeOffset.UnixEpoch);

    // One in each half of the numbers; where they are placed is the cluster's matter.
    private static readonly CounterId Hot = CounterId.Of("managed", "by-key", "rate-limit", "60", "hot");
    private static readonly CounterId Cold = CounterId.Of("managed", "by-key", "rate-limit", "60", "cold");

    [Theory, StoreData]
    public async Task Top_OfTwoSilos_IsHottestFirstWithHoldersAndTitles(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        await UntilAsync(cluster, report => report.Silos.Sum(silo => silo.Lending) == CounterId.Partitions);
        using var one = cluster.AddEdge(node: "edge-1");
        using var two = cluster.AddEdge(node: "edge-2");
        using var three = cluster.AddEdge(QuotaLabel.OfKey("managed", QuotaMeasure.Calls, "ba"), "edge-3");
        await SpendAsync(one, Hot, Definition, 7);
        await SpendAsync(two, Cold, Definition, 1);
        var quota = QuotaNames.OfKey("managed", QuotaMeasure.Calls, Period, "ba");
        await SpendAsync(three, quota, new CounterDefinition { Limit = 1000, PeriodMilliseconds = 0, Quota = Period }, 2);

        var report = await UntilAsync(cluster, report => report.Count == 3);

        Assert.Equal([Hot, Cold, quota], report.Limits.Select(limit => limit.Counter));
        var hot = report.Limits[0];
        Assert.Equal(7, hot.Used + hot.Lent);
        Assert.Equal((13, LendingMode.Fenced, 0L), (hot.Remaining, hot.Mode, hot.Bound));
        Assert.Equal(("rate-limit-by-key", "k"), (hot.Title!.Kind, hot.Title.Key));
        Assert.Equal(("edge-1", 7L), (hot.Holders.Single().Node, hot.Holders.Single().Held + hot.Holders.Single().Spent));
        Assert.Equal(("quota-calls", "ba", 50L), (report.Limits[2].Title!.Kind, report.Limits[2].Title!.Key, report.Limits[2].StoreLoss));
        Assert.Equal((DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(Period.Seconds)), (report.Limits[2].Start, report.Limits[2].End));
        Assert.Equal(cluster.Cluster.Silos.Select(silo => silo.Name).Order(StringComparer.Ordinal), report.Silos.Select(silo => silo.Name));
        Assert.All(report.Silos, silo => Assert.Equal((128, LendingMode.Fenced), (silo.Partitions, silo.Mode)));
        Assert.Equal(["edge-1", "edge-2", "edge-3"], report.Edges.Select(edge => edge.Node));
        Assert.Empty(report.SilentSilos);
        Assert.Empty(report.SilentEdges);
        Assert.Equal(store == "redis", report.Store.AppendOnly is not null && report.Store.AppendFsync is not null);
        Assert.Equal(Hot, Assert.Single((await Grain(cluster).Top(1, CancellationToken.None)).Limits).Counter);
    }

    [Theory, StoreData]
    public async Task Top_WithAnEdgeThatFellSilent_NamesItAndWhatItMayLetPass(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store, silos: 1);
        using var one = cluster.AddEdge(node: "edge-1");
        using var two = cluster.AddEdge(node: "edge-2");
        await SpendAsync(one, Hot, Definition, 3);
        await SpendAsync(two, Hot, Definition, 3);
        await UntilAsync(cluster, report => report.Edges.Length == 2 && report.Limits is [{ HolderCount: 2 }]);

        two.IsDead = true;
        var asked = Stopwatch.StartNew();
        var report = await Grain(cluster).Top(10, CancellationToken.None);

        Assert.Equal("edge-2", Assert.Single(report.SilentEdges).Node);
        Assert.Equal("edge-1", Assert.Single(report.Edges).Node);
        Assert.Equal(10, report.Limits.Single().Bound);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(8), $"It took {asked.Elapsed}.");
    }

    [Theory, StoreData]
    public async Task Top_OfASiteAtRest_ActivatesNothingAndIsEmpty(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store, silos: 1);

        var report = await UntilAsync(cluster, report => report.Silos is [{ Lending: CounterId.Partitions }]);

        Assert.Empty(report.Limits);
        Assert.Equal((0, CounterId.Partitions), (report.Count, report.Silos[0].Partitions));
    }

    [Fact]
    public async Task Top_OutOfBounds_IsRefused()
    {
        await using var cluster = await CounterCluster.StartAsync("garnet", silos: 1);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain(cluster).Top(0, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain(cluster).Top(LimitsReport.Most + 1, CancellationToken.None));
    }

    private static ILimitsGrain Grain(CounterCluster cluster) => cluster.Cluster.Client.GetGrain<ILimitsGrain>(CatalogKeys.Service);

    private static async Task<LimitsReport> UntilAsync(CounterCluster cluster, Func<LimitsReport, bool> condition)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var report = await Grain(cluster).Top(100, CancellationToken.None);
            if (condition(report))
            {
                return report;
            }

            Assert.True(started.Elapsed < Patience, $"It did not come: {report}.");
            await Task.Delay(100);
        }
    }

    private static async Task SpendAsync(TestEdge edge, CounterId counter, CounterDefinition definition, int count)
    {
        for (var spent = 0; spent < count; spent++)
        {
            Assert.True(await edge.SpendAsync(counter, definition));
        }
    }
}
