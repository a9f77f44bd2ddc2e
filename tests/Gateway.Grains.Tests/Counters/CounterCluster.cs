using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Placement;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using StackExchange.Redis;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Silos in this process that hold counters on one store.</summary>
internal sealed class CounterCluster : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionMultiplexer> _connections;

    private CounterCluster(TestStore store, InProcessTestCluster cluster, ConcurrentDictionary<string, ConnectionMultiplexer> connections) =>
        (Store, Cluster, _connections) = (store, cluster, connections);

    public TestStore Store { get; }

    public InProcessTestCluster Cluster { get; }

    public static async Task<CounterCluster> StartAsync(string storeName, CounterOptions? options = null, short silos = 2)
    {
        var store = await TestStore.StartAsync(storeName);
        var siteKey = SiteKey.Generate();
        var connections = new ConcurrentDictionary<string, ConnectionMultiplexer>();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((specific, silo) =>
        {
            silo.Services.AddSingleton<IConnectionMultiplexer>(connections.GetOrAdd(specific.SiloName, _ => ConnectionMultiplexer.Connect(store.ConnectionString)));
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.AddCounters(options ?? new CounterOptions());
            silo.Services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new CounterCluster(store, cluster, connections);
    }

    public ICounterPartitionGrain Partition(int number) => Cluster.Client.GetGrain<ICounterPartitionGrain>(number);

    public TestEdge AddEdge(QuotaLabel? label = null, string node = "") => new(Cluster.Client) { Label = label, Node = node };

    /// <summary>The silo that holds a partition.</summary>
    public async Task<InProcessSiloHandle> HolderAsync(int partition)
    {
        var address = await Cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(Partition(partition));
        return Cluster.Silos.Single(silo => silo.SiloAddress.Equals(address));
    }

    /// <summary>Done when all partitions are where they belong. One that is on its way when the store is flushed is nobody's.</summary>
    public async Task SettleAsync()
    {
        for (var waited = Stopwatch.StartNew(); !IsSettled; await Task.Delay(20))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "The partitions do not come to rest.");
        }
    }

    /// <summary>Ends a silo as a crash does: it cannot tell the store anything any more.</summary>
    public async Task CrashAsync(InProcessSiloHandle silo)
    {
        if (_connections.TryRemove(silo.Name, out var connection))
        {
            await connection.DisposeAsync();
        }

        await Cluster.KillSiloAsync(silo);
    }

    /// <summary>What each silo may rely on now.</summary>
    public (string Id, bool IsHeld, bool IsUnfenced)[] Fences() => [.. Cluster.Silos.Select(silo =>
    {
        var now = silo.ServiceProvider.GetRequiredService<MonotonicTime>().Now;
        var fence = silo.ServiceProvider.GetRequiredService<SiloLease>().Fence;
        return (fence.Id, fence.Allows(fence.Id, now), fence.IsUnfenced(now));
    })];

    private bool IsSettled
    {
        get
        {
            var silos = Cluster.Silos.OrderBy(silo => silo.SiloAddress).ToArray();
            var assigned = PartitionShares.Assign([.. silos.Select(silo => silo.SiloAddress.ToParsableString())]);
            return Enumerable.Range(0, silos.Length).All(index => silos[index].ServiceProvider.GetRequiredService<PartitionRegistry>().Active.Order()
                .SequenceEqual(Enumerable.Range(0, assigned.Length).Where(partition => assigned[partition] == index)));
        }
    }

    public T Service<T>(int silo)
        where T : notnull => Cluster.Silos[silo].ServiceProvider.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }

        await Store.DisposeAsync();
    }
}
