using System.Diagnostics;
using System.Threading.Channels;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Caching;
using Gateway.Grains.Catalog;
using Gateway.Grains.Storage;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.TestingHost;

namespace Gateway.Grains.Tests.Caching;

/// <summary>Regions of caches in two silos, asked over the wire.</summary>
public sealed class CacheRegionGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestStore _store = null!;
    private InProcessTestCluster _cluster = null!;

    private ICacheRegionGrain Region => _cluster.Client.GetGrain<ICacheRegionGrain>("internal");

    public async Task InitializeAsync()
    {
        _store = await TestStore.StartAsync("garnet");
        var siteKey = SiteKey.Generate();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_store.Connection);
            silo.Services.AddCatalog(new CatalogOptions { ServiceId = "test", SiteKey = siteKey });
            silo.Services.AddCaching();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Purge_AnswersEveryParkedPoll_AndOutlivesTheSilo()
    {
        var epoch = (await Region.Next(0, TimeSpan.Zero, default))!.Current;
        Assert.Null(await Region.Next(epoch, TimeSpan.Zero, default));
        var took = TimeSpan.MaxValue;
        // A poll that nothing answers before its time takes two seconds; a busy machine may need a few tries to show that one is answered at once.
        for (var tries = 0; tries < 5 && took > TimeSpan.FromSeconds(1); tries++)
        {
            var known = epoch;
            var polls = Enumerable.Range(0, 3).Select(_ => Region.Next(known, TimeSpan.FromSeconds(2), default)).ToArray();
            var begun = Stopwatch.StartNew();

            epoch = (await Region.Purge(new(CacheScopeKind.Tag, "t"), default)).Value;

            Assert.All(await Task.WhenAll(polls), told => Assert.Equal((epoch, new CachePurge(new(CacheScopeKind.Tag, "t"), epoch)), (told!.Current, told.Purges[^1])));
            took = begun.Elapsed;
        }

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var address = await _cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(Region);
        await _cluster.KillSiloAsync(_cluster.Silos.Single(silo => silo.SiloAddress.Equals(address)));
        Assert.Equal(epoch, (await NextAsync(0)).Current);
    }

    [Fact]
    public async Task Purge_ThatAnotherActivationRemembered_IsNotOverwritten()
    {
        var store = new RegionStore(new RedisStore(_store.Connection, new KeySpace("test"), NullLogger<RedisStore>.Instance));
        await Region.Purge(new(CacheScopeKind.Tag, "before"), default);
        var read = (await store.ReadAsync("internal")).Value!;
        var other = RegionState.Of(read.Epochs!).With(new(CacheScopeKind.Tag, "other"), DateTimeOffset.UtcNow);
        Assert.NotNull((await store.TryWriteAsync("internal", other.ToEpochs(), read)).Value);

        Assert.True((await Region.Purge(new(CacheScopeKind.Tag, "after"), default)).IsSuccess);

        var told = (await Region.Next(0, TimeSpan.Zero, default))!.Purges;
        Assert.Equal(["before", "other", "after"], told.Where(purge => purge.Scope.Kind == CacheScopeKind.Tag).Select(purge => purge.Scope.Name));
        Assert.Equal(told, (await store.ReadAsync("internal")).Value!.Epochs!.Purges);
    }

    [Fact]
    public async Task Entry_IsMadeByOneEdge_AndTheOthersAreToldWhenItIsThrough()
    {
        var (one, other) = (new Edge(), new Edge());
        var (first, second) = (_cluster.Client.CreateObjectReference<ICacheEdge>(one), _cluster.Client.CreateObjectReference<ICacheEdge>(other));
        var entry = UInt128.MaxValue - 5;

        Assert.Equal([RefillWord.Make, RefillWord.Make], await Region.Elect(new() { Edge = first, Wanted = [entry, 6], Making = [], Ended = [] }, default));
        Assert.Equal([RefillWord.Wait], await Region.Elect(new() { Edge = second, Wanted = [entry], Making = [], Ended = [] }, default));
        await Region.Elect(new() { Edge = first, Wanted = [], Making = [], Ended = [new(entry, RefillEnding.Stored), new(6, RefillEnding.Stored)] }, default);

        using var deadline = new CancellationTokenSource(Patience);
        var (cache, entries) = await other.Told.Reader.ReadAsync(deadline.Token);
        Assert.Equal("internal", cache);
        Assert.Equal([entry], entries);
        Assert.Equal(0, one.Told.Reader.Count);
    }

    [Fact]
    public async Task Call_AboutTooManyEntries_IsRefused()
    {
        var edge = _cluster.Client.CreateObjectReference<ICacheEdge>(new Edge());

        await Assert.ThrowsAsync<ArgumentException>(() => Region.Elect(new() { Edge = edge, Wanted = new UInt128[RefillCall.MaximumEntries + 1], Making = [], Ended = [] }, default));
    }

    /// <summary>Polls until something is told.</summary>
    private async Task<CacheEpochs> NextAsync(long known)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await Region.Next(known, TimeSpan.FromSeconds(2), deadline.Token) is { } told)
                {
                    return told;
                }
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
    }

    private sealed class Edge : ICacheEdge
    {
        public Channel<(string Cache, UInt128[] Entries)> Told { get; } = Channel.CreateUnbounded<(string, UInt128[])>();

        public Task RefillsEnded(string cache, UInt128[] entries) => Told.Writer.WriteAsync((cache, entries)).AsTask();
    }
}
