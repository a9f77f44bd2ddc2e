using Gateway.Contracts.Catalog;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Nodes;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace Gateway.Grains.Tests.Nodes;

/// <summary>Two silos in this process that list nodes on one store, with a clock of the test's own.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InProcessTestCluster _cluster;
    private readonly TestStore _store;

    private NodeCluster(TestStore store, InProcessTestCluster cluster, FakeTimeProvider time) => (_store, _cluster, Time) = (store, cluster, time);

    public FakeTimeProvider Time { get; }

    public static async Task<NodeCluster> StartAsync()
    {
        var store = await TestStore.StartAsync("garnet");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var siteKey = SiteKey.Generate();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(store.Connection);
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.AddNodes(new NodeOptions { Time = time });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new NodeCluster(store, cluster, time);
    }

    public INodeGrain Node(string name) => _cluster.Client.GetGrain<INodeGrain>(NodeKeys.Of(NodeRole.Edge, name));

    public Task<NodeStatus[]> ListAsync() => Site.Nodes(CatalogKeys.ManagedGateway, CancellationToken.None);

    /// <summary>Waits until the store holds so many nodes.</summary>
    public async Task StoredAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await _store.Connection.GetDatabase().HashLengthAsync("{gw:test}:nodes") != count)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Ends the silo that holds the list, without notice.</summary>
    public async Task KillSiteAsync()
    {
        var address = await _cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(Site);
        await _cluster.KillSiloAsync(_cluster.Silos.Single(silo => silo.SiloAddress.Equals(address)));
    }

    /// <summary>Lists until a silo answers.</summary>
    public async Task<NodeStatus[]> ListWhenItAnswersAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await ListAsync();
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
    }

    private ISiteGrain Site => _cluster.Client.GetGrain<ISiteGrain>(CatalogKeys.Service);
}
