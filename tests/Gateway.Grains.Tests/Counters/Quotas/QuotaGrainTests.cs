using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Testing.Stores;

namespace Gateway.Grains.Tests.Counters.Quotas;

public sealed class QuotaGrainTests
{
    private const int Limit = 60;
    private const int Chunk = Limit / 20;

    // Ends in a thousand years or so.
    private static readonly QuotaPeriod Period = new(31_000_000_000, DateTimeOffset.UnixEpoch);
    private static readonly CounterId Counter = QuotaNames.OfKey("managed", QuotaMeasure.Calls, Period, "ba");
    private static readonly QuotaLabel Label = QuotaLabel.OfKey("managed", QuotaMeasure.Calls, "ba");
    private static readonly CounterDefinition Definition = new() { Limit = Limit, PeriodMilliseconds = 0, Quota = Period, Publication = new PublicationId("L", 1) };

    [Theory, StoreData]
    public async Task Edges_ShareOneQuota_ExactlyTheLimitIsAdmitted(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        using var two = cluster.AddEdge(Label);
        one.Want = 8;

        var admitted = await Task.WhenAll(SpendAllAsync(one), SpendAllAsync(two));

        Assert.Equal(Limit, admitted.Sum());
        Assert.InRange(one.Denial!.RetryAfterMilliseconds, 1, 60_000);
        Assert.InRange(one.Denial.PeriodEndsInMilliseconds, 1_000_000_000_000, 31_000_000_000_000);
    }

    [Theory, StoreData]
    public async Task Site_KilledWithItsStore_LosesAtMostAChunk(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        await SpendAsync(one, 23);
        foreach (var silo in cluster.Cluster.Silos.ToArray())
        {
            await cluster.CrashAsync(silo);
        }

        await cluster.Store.StopAsync();
        await cluster.Store.RestartAsync();
        await cluster.Cluster.StartAdditionalSiloAsync();
        one.IsDead = true;
        using var two = cluster.AddEdge(Label);
        var after = await SpendAllAsync(two);

        Assert.InRange(23 + after, Limit - Chunk - one.Held, Limit);
    }

    [Theory, StoreData]
    public async Task Site_StoppedAsPlannedAndStartedAgain_LosesNothing(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        await SpendAsync(one, 23);
        foreach (var silo in cluster.Cluster.Silos.ToArray())
        {
            await cluster.Cluster.StopSiloAsync(silo);
        }

        await cluster.Store.Connection.GetDatabase().KeyDeleteAsync($"{{gw:test:c{Counter.Partition}}}:memory");
        await cluster.Cluster.StartAdditionalSiloAsync();
        using var two = cluster.AddEdge(Label);

        Assert.Equal(Limit - 23 - one.Held, await SpendAllAsync(two));
    }

    [Theory, StoreData]
    public async Task Holder_StoppedAsPlanned_HandsOverWithoutLoss(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        one.Want = 8;
        await SpendAsync(one, 23);
        var before = (one.Epoch, one.Echoes);

        await cluster.Cluster.StopSiloAsync(await cluster.HolderAsync(Counter.Partition));

        Assert.Equal(Limit - 23, await SpendAllAsync(one));
        Assert.Equal(before, (one.Epoch, one.Echoes));
    }

    [Theory, StoreData]
    public async Task Store_Away_GrantsWhatIsReservedThenSaysSo(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);

        // A partition on its way when the store stops is nobody's until it is back.
        await cluster.SettleAsync();
        await SpendAsync(one, 10);

        await cluster.Store.StopAsync();
        var spent = 0;
        while (spent <= Chunk && one.Last is not { IsStoreAway: true })
        {
            try
            {
                spent += await one.SpendAsync(Counter, Definition, TimeSpan.FromSeconds(4)) ? 1 : 0;
            }
            catch (TimeoutException)
            {
                Assert.True(one.Last!.IsStoreAway, "Nothing was granted, and the store is not said to be away.");
            }
        }

        Assert.InRange(spent, 0, Chunk);
        await cluster.Store.RestartAsync();
        Assert.InRange(10 + spent + await SpendAllAsync(one), Limit - Chunk, Limit);
    }

    [Theory, StoreData]
    public async Task Store_FlushedWhileSilosRun_GrantsNotMoreThanTheLimit(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        await cluster.SettleAsync();
        await SpendAsync(one, 30);

        await cluster.Store.FlushAsync();

        Assert.InRange(30 + await SpendAllAsync(one), Limit - Chunk, Limit);
    }

    [Theory, StoreData]
    public async Task Count_Set_TakesEffectAtOnce(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        using var one = cluster.AddEdge(Label);
        var quotas = cluster.Cluster.Client.GetGrain<IQuotaGrain>("managed");
        Assert.Equal(ErrorKind.ResourceNotFound, (await quotas.Read("ba", CancellationToken.None)).Errors.Single().Code);
        Assert.Equal(Limit, await SpendAllAsync(one));

        var before = await quotas.Read("ba", CancellationToken.None);
        var after = await quotas.Set(new QuotaChange { Key = "ba", Calls = 50 }, CancellationToken.None);

        Assert.Equal((Limit, 50), (before.Value!.Single().Used, after.Value!.Single().Used));
        Assert.Equal((QuotaMeasure.Calls, "0_P358796DT7H6M40S", DateTimeOffset.UnixEpoch), (after.Value!.Single().Measure, after.Value!.Single().PeriodKey, after.Value!.Single().Start));
        Assert.Equal(Limit - 50, await SpendAllAsync(one));
        Assert.Equal(
            ErrorKind.ResourceNotFound,
            (await quotas.Set(new QuotaChange { Key = "ba", PeriodKey = "9_P1D", Calls = 1 }, CancellationToken.None)).Errors.Single().Code);
        Assert.Equal(ErrorKind.ValidationError, (await quotas.Set(new QuotaChange { Key = "ba", Calls = -1 }, CancellationToken.None)).Errors.Single().Code);
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
