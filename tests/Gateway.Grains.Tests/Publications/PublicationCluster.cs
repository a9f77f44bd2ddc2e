using Gateway.Contracts.Backups;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.TestingHost;

namespace Gateway.Grains.Tests.Publications;

/// <summary>Two silos in this process with catalog and publications on one store.</summary>
internal sealed class PublicationCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly TestStore _store;

    private readonly ChunkCodec _codec;
    private readonly SiteKey _siteKey;

    private PublicationCluster(TestStore store, InProcessTestCluster cluster, SiteKey siteKey) =>
        (_store, _cluster, _siteKey, _codec, Key) = (store, cluster, siteKey, new ChunkCodec(siteKey.Publication), siteKey.Publication);

    /// <summary>What edges open publications with.</summary>
    public PublicationKey Key { get; }

    public IPublicationGrain Publications(string gateway = CatalogKeys.ManagedGateway) => _cluster.Client.GetGrain<IPublicationGrain>(gateway);

    /// <summary>The state store of both silos.</summary>
    public TestStore Store => _store;

    public IBackupGrain Backups => _cluster.Client.GetGrain<IBackupGrain>(CatalogKeys.Service);

    public ICatalogReader Reader => _cluster.Client.GetGrain<ICatalogReader>(CatalogKeys.Service);

    public Task<Result<ChangeSetReceipt>> SubmitAsync(params Change[] changes) =>
        _cluster.Client.GetGrain<ICatalogWriter>(CatalogKeys.Service).Submit(new ChangeSet(changes), CancellationToken.None);

    /// <summary>Starts it.</summary>
    /// <param name="checkPeriod">How often publications look at the catalog by themselves.</param>
    /// <param name="losesNotices">True: the catalog's calls never arrive.</param>
    /// <param name="trees">Reads documents in place of the compiler; null for none.</param>
    /// <param name="compilers">The compiler of each silo; null for those of this ABI.</param>
    /// <param name="gate">Stands before each write of a publication; null for none.</param>
    public static async Task<PublicationCluster> StartAsync(TimeSpan checkPeriod, bool losesNotices = false, Func<Task>? gate = null, IPolicyTrees? trees = null, IProgramCompiler[]? compilers = null)
    {
        var store = await TestStore.StartAsync("garnet");
        var siteKey = SiteKey.Generate();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Services.AddSingleton(compilers is null ? new FakeCompiler() : compilers[NumberOf(options.SiloName) % compilers.Length]);
            if (trees is not null)
            {
                silo.Services.AddSingleton(trees);
            }

            silo.Services.AddSingleton(store.Connection);
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.AddPublications(new PublicationOptions { ServiceName = "gateway", CatalogCheckPeriod = checkPeriod });
            if (gate is not null)
            {
                silo.Services.AddSingleton<RedisPublicationStore>();
                silo.Services.Replace(ServiceDescriptor.Singleton<IPublicationStore>(provider => new GatedStore(provider.GetRequiredService<RedisPublicationStore>(), gate)));
            }

            if (losesNotices)
            {
                silo.Services.Replace(ServiceDescriptor.Singleton<ICatalogNotifier, DeafNotifier>());
            }
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new PublicationCluster(store, cluster, siteKey);
    }

    /// <summary>Ends a silo, with its grains moving to the others.</summary>
    public Task StopSiloAsync(int number) => _cluster.StopSiloAsync(_cluster.Silos.Single(silo => NumberOf(silo.Name) == number));

    /// <summary>Adds a silo; they are numbered in the order of their starts, and the compilers given go round.</summary>
    public Task AddSiloAsync() => _cluster.StartAdditionalSiloAsync();

    public async Task<ChangeSetReceipt> CommitAsync(params Change[] changes)
    {
        var result = await SubmitAsync(changes);
        Assert.True(result.IsSuccess, string.Join('\n', result.Errors.Select(error => $"{error.Index} {error.Target}: {error.Message}")));
        return result.Value;
    }

    /// <summary>Commits past the catalog's checks and without a notice: for documents that a fake reads.</summary>
    public async Task CommitUncheckedAsync(params CatalogContent[] contents)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(_store.Connection)
            .AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = _siteKey }).BuildServiceProvider();
        var catalog = services.GetRequiredService<CatalogStore>();
        var head = await catalog.ReadHeadAsync();
        Assert.True(await catalog.CommitAsync(head, [.. contents.Select(content => new CatalogWrite(
            content.Id,
            services.GetRequiredService<RecordContent>().Close(ResourceKinds.Match(content.Id)!.Kind, content.Id, content.Properties!, head.Version + 1, [])))]));
    }

    public async Task<Manifest> CurrentAsync(string gateway = CatalogKeys.ManagedGateway) => Read((await Publications(gateway).Current(CancellationToken.None))!);

    /// <summary>Polls as an edge does until a publication is offered.</summary>
    public async Task<Manifest> NextAsync(FeedPosition position, string gateway = CatalogKeys.ManagedGateway)
    {
        for (var poll = 0; poll < 20; poll++)
        {
            if (await Publications(gateway).Next(position, TimeSpan.FromSeconds(2), CancellationToken.None) is { } offer)
            {
                return Read(offer.Signed);
            }
        }

        throw new TimeoutException($"No publication for {position}.");
    }

    /// <summary>All chunks of a publication but the pages of its index, ordered by kind and id.</summary>
    public async Task<ChunkReference[]> PartsAsync(Manifest manifest)
    {
        ChunkReference[] heads = [.. manifest.Chunks.Where(head => head.Kind == ChunkKind.Index)];
        var bodies = await Publications(manifest.Gateway).GetChunks([.. heads.Select(head => head.Name)], CancellationToken.None);
        var pages = heads.Zip(bodies, (head, body) => System.Text.Json.JsonSerializer.Deserialize(_codec.Decode(head.Name, body!).Value!, PublicationJson.Default.IndexPage)!);
        return [.. manifest.Chunks.Where(head => head.Kind != ChunkKind.Index).Concat(pages.SelectMany(page => page.Chunks)).Order(Comparer<ChunkReference>.Create(ChunkReference.ComparePlaces))];
    }

    /// <summary>Their ids.</summary>
    public async Task<string[]> PartIdsAsync(Manifest manifest) => [.. (await PartsAsync(manifest)).Select(chunk => chunk.Id)];

    public static Manifest Read(SignedManifest signed)
    {
        var verified = ManifestVerifier.Verify(signed, signed.PublicKey);
        Assert.True(verified.IsSuccess);
        return verified.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
    }

    // Silos are named with their number at the end.
    private static int NumberOf(string silo) => int.Parse(silo.AsSpan(silo.LastIndexOf('_') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private sealed class DeafNotifier : ICatalogNotifier
    {
        public void Notify(long version, IReadOnlyList<string> gateways)
        {
            // The notice is lost on its way.
        }
    }

    private sealed class GatedStore(IPublicationStore inner, Func<Task> gate) : IPublicationStore
    {
        public Task<IReadOnlyList<SignedManifest>> LoadAsync(string gateway) => inner.LoadAsync(gateway);

        public Task<PublicationId?> NewestAsync(string gateway) => inner.NewestAsync(gateway);

        public Task<byte[]?[]> BodiesAsync(string gateway, IReadOnlyList<string> names) => inner.BodiesAsync(gateway, names);

        public async Task<bool> TryPublishAsync(string gateway, PublicationWrite write)
        {
            await gate();
            return await inner.TryPublishAsync(gateway, write);
        }

        public Task<byte[]> SigningKeyAsync(Func<byte[]> fresh) => inner.SigningKeyAsync(fresh);

        public Task<byte[]?> FindSigningKeyAsync() => inner.FindSigningKeyAsync();

        public Task<byte[]?> RolloutAsync(string gateway) => inner.RolloutAsync(gateway);

        public Task KeepRolloutAsync(string gateway, byte[]? rollout) => inner.KeepRolloutAsync(gateway, rollout);

        public Task<bool> TryReplaceSigningKeyAsync(byte[] before, byte[] after) => inner.TryReplaceSigningKeyAsync(before, after);
    }
}
