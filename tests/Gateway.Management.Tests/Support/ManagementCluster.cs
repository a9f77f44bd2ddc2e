using Gateway.Contracts.Catalog;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Nodes;
using Gateway.Grains.Publications;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Gateway.Management.Tests.Support;

/// <summary>Two silos in this process with the real grains on a real store, shared by the tests that run on grains.</summary>
public sealed class ManagementCluster : IAsyncLifetime
{
    private static readonly string[] _collections = ["/subscriptions", "/products", "/apis", "/policies", "/backends", "/namedValues", "/gateways"];

    private TestStore _store = null!;
    private InProcessTestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.StartAsync("garnet");
        var siteKey = SiteKey.Generate();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_store.Connection);
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.AddPublications(new PublicationOptions { ServiceName = "gateway" });
            silo.Services.AddNodes(new NodeOptions());
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    /// <summary>The grains, with an empty catalog.</summary>
    public async Task<IGrainFactory> EmptyAsync()
    {
        var client = _cluster.Client;
        var changes = new List<Change>();
        foreach (var collection in _collections)
        {
            var page = await client.GetGrain<ICatalogReader>(CatalogKeys.Service).List(new ResourceQuery { Collection = collection, Top = 1000 }, CancellationToken.None);
            Assert.True(page.IsSuccess, collection);
            changes.AddRange(page.Value.Resources.Select(resource => new Change { Operation = ChangeOperation.Delete, Id = resource.Id, Cascade = true }));
        }

        if (changes.Count > 0)
        {
            var receipt = await client.GetGrain<ICatalogWriter>(CatalogKeys.Service).Submit(new ChangeSet([.. changes]), CancellationToken.None);
            Assert.True(receipt.IsSuccess, string.Join(' ', receipt.Errors.Select(error => error.Message)));
        }

        return client;
    }

    /// <summary>Takes the state store away.</summary>
    public Task StopStoreAsync() => _store.StopAsync();

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
    }
}

/// <summary>The tests that share the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ManagementClusterTests : ICollectionFixture<ManagementCluster>
{
    public const string Name = "real grains";
}
