using System.Diagnostics;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Testing.Stores;
using Xunit.Abstractions;

namespace Gateway.Grains.Tests.Counters;

public sealed class CounterPartitionGrainTests(ITestOutputHelper output)
{
    private const int Limit = 20;

    private static readonly CounterId Counter = CounterId.Of("managed", "rate-limit", "p1");
    private static readonly CounterDefinition Definition = new() { Limit = Limit, PeriodMilliseconds = 60_000, Publication = new PublicationId("L", 1) };

    [Theory, StoreData]
    public async Task Edges_ShareOneLimit_ExactlyTheLimitIsAdmitted(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge();
        using var two = cluster.AddEdge();
        one.Want = 8;

        var admitted = await Task.WhenAll(SpendAllAsync(one), SpendAllAsync(two));

        Assert.Equal(Limit, admitted.Sum());
        Assert.InRange(one.Denial!.RetryAfterMilliseconds, 30_000, 60_000);
    }

    [Theory, StoreData]
    public async Task Holder_Killed_TheNextOneKnowsWhatWasSpent(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge();
        using var two = cluster.AddEdge();
        await SpendAsync(one, 7);
        await SpendAsync(two, 5);
        var holder = await cluster.HolderAsync(Counter.Partition);

        var killed = Stopwatch.StartNew();
        await cluster.CrashAsync(holder);
        Assert.True(await one.SpendAsync(Counter, Definition));
        var stall = killed.Elapsed;
        output.WriteLine($"The first grant after the kill came in {stall.TotalSeconds:0.0} s.");
        var rest = await Task.WhenAll(SpendAllAsync(one), SpendAllAsync(two));

        Assert.InRange(13 + rest.Sum(), Limit - 1, Limit);
        Assert.True(one.Echoes >= 1 && two.Echoes >= 1, "Nobody asked the edges.");
        Assert.True(stall < TimeSpan.FromSeconds(20), $"The next grant took {stall}.");
    }

    [Theory, StoreData]
    public async Task Holder_StoppedAsPlanned_HandsOverWithoutAskingAnybody(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var dead = cluster.AddEdge();
        using var one = cluster.AddEdge();
        await SpendAsync(dead, 6);
        await SpendAsync(one, 4);
        dead.IsDead = true;
        var before = (one.Epoch, one.Echoes);

        await cluster.Cluster.StopSiloAsync(await cluster.HolderAsync(Counter.Partition));
        var stopped = Stopwatch.StartNew();
        Assert.True(await one.SpendAsync(Counter, Definition));
        var stall = stopped.Elapsed;
        output.WriteLine($"The first grant after the stop came in {stall.TotalMilliseconds:0} ms.");

        Assert.Equal(Limit - 11, await SpendAllAsync(one));
        Assert.Equal(before, (one.Epoch, one.Echoes));
        Assert.True(stall < TimeSpan.FromSeconds(3), $"The next grant took {stall}.");
    }

    [Theory, StoreData]
    public async Task Store_AwayAndBack_LimitsGoOnWithWhatWasCounted(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge();
        await SpendAsync(one, 5);
        var before = (one.Epoch, one.Echoes);

        await cluster.Store.StopAsync();
        await UntilAsync(cluster, () => cluster.Fences().All(fence => fence.IsUnfenced));
        await SpendAsync(one, 10);
        await cluster.Store.RestartAsync();
        await UntilAsync(cluster, () => cluster.Fences().All(fence => fence is { IsUnfenced: false, IsHeld: true }));

        Assert.Equal(Limit - 15, await SpendAllAsync(one));
        Assert.Equal(before, (one.Epoch, one.Echoes));
    }

    [Theory, StoreData]
    public async Task Store_Flushed_LimitsGoOnWithWhatWasCounted(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge();
        await cluster.SettleAsync();
        await SpendAsync(one, 5);
        var before = (one.Epoch, one.Echoes);
        var leases = cluster.Fences().Select(fence => fence.Id).ToArray();

        await cluster.Store.FlushAsync();
        await UntilAsync(cluster, () => cluster.Fences().All(fence => fence.IsHeld && !leases.Contains(fence.Id)));

        Assert.Equal(Limit - 5, await SpendAllAsync(one));
        Assert.Equal(before, (one.Epoch, one.Echoes));
    }

    [Theory, StoreData]
    public async Task Site_StartedAgainOnAFlushedStore_AsksTheEdgesThatCallIn(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge();
        await SpendAsync(one, 5);
        foreach (var silo in cluster.Cluster.Silos.ToArray())
        {
            await cluster.CrashAsync(silo);
        }

        await cluster.Store.FlushAsync();
        await cluster.Cluster.StartAdditionalSiloAsync();

        Assert.True(await one.SpendAsync(Counter, Definition));
        Assert.Equal(Limit - 6, await SpendAllAsync(one));
    }

    private static async Task UntilAsync(CounterCluster cluster, Func<bool> condition)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), string.Join('\n', cluster.Fences()));
        }
    }

    private static async Task SpendAsync(TestEdge edge, int count)
    {
        for (var spent = 0; spent < count; spent++)
        {
            Assert.True(await edge.SpendAsync(Counter, Definition));
        }
    }

    private static async Task<int> SpendAllAsync(TestEdge edge)
    {
        var admitted = 0;
        while (await edge.SpendAsync(Counter, Definition))
        {
            admitted++;
        }

        return admitted;
    }
}
