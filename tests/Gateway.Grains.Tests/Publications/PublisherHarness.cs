using System.Text.Json;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Federation;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Gateway.Grains.Tests.Publications;

/// <summary>A catalog in a store, without silos, and publishers on it.</summary>
internal sealed class PublisherHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private PublisherHarness(TestStore store, ServiceProvider services, SiteKey siteKey)
    {
        Store = store;
        _services = services;
        Codec = new ChunkCodec(siteKey.Publication);
        FederationCodec = ChunkCodec.ForFederation(siteKey.Publication);
    }

    public TestStore Store { get; }

    public ChunkCodec Codec { get; }

    public ChunkCodec FederationCodec { get; }

    public FaultyStore Faults => (FaultyStore)_services.GetRequiredService<IPublicationStore>();

    public CatalogSource Source => _services.GetRequiredService<CatalogSource>();

    private CatalogStore Catalog => _services.GetRequiredService<CatalogStore>();

    public PublicationFaults Unpublished => _services.GetRequiredService<PublicationFaults>();

    public FakeCompiler Compiler => (FakeCompiler)_services.GetRequiredService<IProgramCompiler>();

    /// <summary>Starts it.</summary>
    /// <param name="store">The kind of store.</param>
    /// <param name="trees">Reads documents in place of the compiler; null for none.</param>
    /// <param name="compiler">Compiles expressions; null for one of this ABI.</param>
    /// <param name="siteKey">The site's key; null for a new one.</param>
    /// <param name="serviceId">The installation.</param>
    /// <param name="fill">Fills the store first; null for an empty one.</param>
    /// <param name="upstream">The hub of a federated site; null for a site that is its own.</param>
    /// <param name="time">The clock; null for that of the machine.</param>
    public static async Task<PublisherHarness> StartAsync(
        string store, IPolicyTrees? trees = null, FakeCompiler? compiler = null, SiteKey? siteKey = null, string serviceId = "test", Func<IDatabase, Task>? fill = null,
        UpstreamOptions? upstream = null, TimeProvider? time = null)
    {
        siteKey ??= SiteKey.Generate();
        var started = await TestStore.StartAsync(store);
        await (fill?.Invoke(started.Connection.GetDatabase()) ?? Task.CompletedTask);
        var collection = new ServiceCollection();
        collection.AddSingleton(time ?? TimeProvider.System);
        if (trees is not null)
        {
            collection.AddSingleton(trees);
        }

        if (upstream is not null)
        {
            collection.AddUpstream(upstream);
        }

        var services = collection
            .AddLogging()
            .AddSingleton<IProgramCompiler>(compiler ?? new FakeCompiler())
            .AddSingleton(started.Connection)
            .AddCatalog(new CatalogOptions { ServiceId = serviceId, SiteKey = siteKey })
            .AddSingleton<RedisPublicationStore>()
            .AddSingleton<IPublicationStore>(provider => new FaultyStore(provider.GetRequiredService<RedisPublicationStore>()))
            .AddPublications(new PublicationOptions { ServiceName = "gateway" })
            .BuildServiceProvider();
        var harness = new PublisherHarness(started, services, siteKey);
        await harness.Catalog.EnsureLineageAsync(LineageRecord.Begin(DateTimeOffset.UnixEpoch));
        return harness;
    }

    /// <summary>The publisher of a silo that was told of another generation of the signing key.</summary>
    public async Task<Publisher> PublisherOfGenerationAsync(int generation)
    {
        var options = new PublicationOptions { ServiceName = "gateway", SigningKeyGeneration = generation };
        var publisher = ActivatorUtilities.CreateInstance<PublisherFactory>(_services, ActivatorUtilities.CreateInstance<SigningKey>(_services, options)).Create("managed");
        await publisher.LoadAsync();
        return publisher;
    }

    /// <summary>A publisher as an activation on any silo would have it.</summary>
    /// <param name="gateway">Its gateway.</param>
    /// <param name="compiler">That of another silo, which remembers nothing; null for the first silo's.</param>
    public async Task<Publisher> PublisherAsync(string gateway = "managed", FakeCompiler? compiler = null)
    {
        var factory = compiler is null ? _services.GetRequiredService<PublisherFactory>()
            : ActivatorUtilities.CreateInstance<PublisherFactory>(_services, ActivatorUtilities.CreateInstance<ProgramImages>(_services, compiler));
        var publisher = factory.Create(gateway);
        await publisher.LoadAsync();
        return publisher;
    }

    /// <summary>A service of the silo.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A puller as an activation on any silo of a federated site would have it; the caller disposes it.</summary>
    public HubPuller Puller() => _services.GetRequiredService<HubPullerFactory>().Create();

    public async Task CommitAsync(params CatalogContent[] contents)
    {
        var head = await Catalog.ReadHeadAsync();
        var records = _services.GetRequiredService<RecordContent>();
        CatalogWrite[] writes = [.. contents.Select(content => new CatalogWrite(
            content.Id,
            content.Properties is null ? null : records.Close(ResourceKinds.Match(content.Id)!.Kind, content.Id, content.Properties, head.Version + 1, [])))];
        Assert.True(await Catalog.CommitAsync(head, writes));
    }

    /// <summary>Stores the publication in force as the first schema had it: with all chunks in the manifest.</summary>
    public async Task StoreFlatAsync(PublishedState state)
    {
        using var signer = (await _services.GetRequiredService<SigningKey>().SignerAsync()).Signer;
        var flat = state.Manifest with { Schema = 1, Chunks = [.. state.Index.Parts.Order(Comparer<ChunkReference>.Create(ChunkReference.ComparePlaces))] };
        await Store.Connection.GetDatabase().StringSetAsync($"{{gw:test}}:p:managed:m:{flat.Number}", SignedManifestFormat.Write(signer.Sign(flat)));
    }

    public T Read<T>(byte[] body, string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Codec.Decode(name, body).Value!, type)!;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>The store of publications, which can be cut off.</summary>
    internal sealed class FaultyStore(IPublicationStore inner) : IPublicationStore
    {
        public bool IsDown { get; set; }

        /// <summary>Runs before each write of a publication.</summary>
        public Func<Task>? BeforePublish { get; set; }

        public Task<IReadOnlyList<SignedManifest>> LoadAsync(string gateway) => Up().LoadAsync(gateway);

        public Task<PublicationId?> NewestAsync(string gateway) => Up().NewestAsync(gateway);

        public Task<byte[]?[]> BodiesAsync(string gateway, IReadOnlyList<string> names) => Up().BodiesAsync(gateway, names);

        public async Task<bool> TryPublishAsync(string gateway, PublicationWrite write)
        {
            await (BeforePublish?.Invoke() ?? Task.CompletedTask);
            return await Up().TryPublishAsync(gateway, write);
        }

        public Task<byte[]> SigningKeyAsync(Func<byte[]> fresh) => Up().SigningKeyAsync(fresh);

        public Task<byte[]?> FindSigningKeyAsync() => Up().FindSigningKeyAsync();

        public Task<byte[]?> RolloutAsync(string gateway) => Up().RolloutAsync(gateway);

        public Task KeepRolloutAsync(string gateway, byte[]? rollout) => Up().KeepRolloutAsync(gateway, rollout);

        public Task<bool> TryReplaceSigningKeyAsync(byte[] before, byte[] after) => Up().TryReplaceSigningKeyAsync(before, after);

        private IPublicationStore Up() => IsDown ? throw new RedisException("cut") : inner;
    }
}
