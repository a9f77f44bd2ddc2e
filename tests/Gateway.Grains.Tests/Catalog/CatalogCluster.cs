using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Commits;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace Gateway.Grains.Tests.Catalog;

/// <summary>Two silos in this process on one store.</summary>
public sealed class CatalogCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private CatalogCluster(TestStore store, InProcessTestCluster cluster, SiteKey siteKey)
    {
        Store = store;
        _cluster = cluster;
        SiteKey = siteKey;
    }

    internal TestStore Store { get; }

    internal SiteKey SiteKey { get; }

    internal ConcurrentQueue<(long Version, IReadOnlyList<string> Gateways)> Notices { get; private init; } = new();

    internal static DateTimeOffset Now { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    internal ICatalogReader Reader => _cluster.Client.GetGrain<ICatalogReader>(CatalogKeys.Service);

    internal static async Task<CatalogCluster> StartAsync(string storeName)
    {
        var store = await TestStore.StartAsync(storeName);
        var siteKey = SiteKey.Generate();
        var notices = new ConcurrentQueue<(long, IReadOnlyList<string>)>();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(store.Connection);
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.Replace(ServiceDescriptor.Singleton<ICatalogNotifier>(new Recorder(notices)));
            silo.Services.Replace(ServiceDescriptor.Transient(services => ActivatorUtilities.CreateInstance<CatalogCommitter>(services, new FakeTimeProvider(Now))));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new CatalogCluster(store, cluster, siteKey) { Notices = notices };
    }

    internal Task<Result<ChangeSetReceipt>> Submit(params Change[] changes) =>
        _cluster.Client.GetGrain<ICatalogWriter>(CatalogKeys.Service).Submit(new ChangeSet(changes), CancellationToken.None);

    internal Task<Result<ChangeSetReceipt>> Try(params Change[] changes) =>
        _cluster.Client.GetGrain<ICatalogWriter>(CatalogKeys.Service).Try(new ChangeSet(changes), CancellationToken.None);

    internal async Task<ChangeSetReceipt> Commit(params Change[] changes)
    {
        var result = await Submit(changes);
        Assert.True(result.IsSuccess, string.Join('\n', result.Errors.Select(error => $"{error.Index} {error.Target}: {error.Message}")));
        return result.Value;
    }

    internal async Task<JsonObject?> Properties(string id)
    {
        var resource = await Reader.Get(id, CancellationToken.None);
        return resource.IsSuccess ? JsonNode.Parse(resource.Value.Properties)!.AsObject() : null;
    }

    internal async Task<JsonObject> Secrets(string id) =>
        JsonNode.Parse((await Reader.GetSecrets(id, CancellationToken.None)).Value!)!.AsObject();

    internal async Task<string[]> List(string collection, int skip = 0, int top = 100) =>
        [.. (await Reader.List(new ResourceQuery { Collection = collection, Skip = skip, Top = top }, CancellationToken.None)).Value!.Resources.Select(resource => resource.Id)];

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Store.DisposeAsync();
    }

    private sealed class Recorder(ConcurrentQueue<(long, IReadOnlyList<string>)> notices) : ICatalogNotifier
    {
        public void Notify(long version, IReadOnlyList<string> gateways) => notices.Enqueue((version, gateways));
    }
}

/// <summary>One cluster per kind of store, started when first asked for, shared by the tests of a class.</summary>
public sealed class CatalogClusters : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<CatalogCluster>>> _clusters = new();

    internal Task<CatalogCluster> Get(string store) => _clusters.GetOrAdd(store, name => new(() => CatalogCluster.StartAsync(name))).Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var cluster in _clusters.Values)
        {
            await (await cluster.Value).DisposeAsync();
        }
    }
}

/// <summary>Short forms of changes.</summary>
internal static class Changes
{
    public static Change Put(string id, string properties, string? ifMatch = null) =>
        new() { Operation = ChangeOperation.Put, Id = id, Properties = Encoding.UTF8.GetBytes(properties), IfMatch = ifMatch };

    public static Change Patch(string id, string properties, string? ifMatch = null) =>
        new() { Operation = ChangeOperation.Patch, Id = id, Properties = Encoding.UTF8.GetBytes(properties), IfMatch = ifMatch };

    public static Change Delete(string id, bool cascade = false, string? ifMatch = null) =>
        new() { Operation = ChangeOperation.Delete, Id = id, Cascade = cascade, IfMatch = ifMatch };

    public static Change Api(string id) => Put($"/apis/{id}", $$"""{"displayName":"{{id}}","path":"{{id}}"}""");

    public static Change Product(string id) => Put($"/products/{id}", $$"""{"displayName":"{{id}}"}""");

    public static Change Policy(string scope, string text) =>
        Put($"{scope}/policies/policy", new JsonObject { ["format"] = "rawxml", ["value"] = text }.ToJsonString());

    public static Change NamedValue(string id, string value, bool secret = false) =>
        Put($"/namedValues/{id}", new JsonObject { ["displayName"] = id, ["value"] = value, ["secret"] = secret }.ToJsonString());
}
