using Gateway.Contracts.Caching;
using Gateway.Grains.Caching;
using Gateway.Grains.Storage;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Caching;

public sealed class RegionStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void New_IsAPurgeOfEverythingBefore()
    {
        var epochs = RegionState.New(Now).ToEpochs();

        Assert.Equal(new CachePurge(CacheScope.All, epochs.Current), Assert.Single(epochs.Purges));
        Assert.Equal(Now.UtcTicks, epochs.Current);
    }

    [Fact]
    public void Epochs_GrowAlsoWhenTheClockGoesBack()
    {
        var state = RegionState.New(Now);
        var next = state.With(new(CacheScopeKind.Api, "a"), Now.AddDays(-1));

        Assert.True(next.Current > state.Current);
        Assert.True(next.With(new(CacheScopeKind.Api, "a"), Now.AddDays(-1)).Current > next.Current);
    }

    [Fact]
    public void Purge_OfTheSameScope_IsRememberedOnce_AndOfEverythingAlone()
    {
        CacheScope a = new(CacheScopeKind.Api, "a"), get = new(CacheScopeKind.Operation, "a", "get");
        var state = RegionState.New(Now).With(a, Now).With(get, Now).With(a, Now);

        Assert.Equal([CacheScope.All, get, a], state.ToEpochs().Purges.Select(purge => purge.Scope));
        Assert.Equal(state.Current, state.ToEpochs().Purges[^1].Epoch);
        Assert.Equal([CacheScope.All], state.With(CacheScope.All, Now).ToEpochs().Purges.Select(purge => purge.Scope));
    }

    [Fact]
    public void Purges_OfManyScopes_AreBounded_AndNoneIsForgotten()
    {
        var state = RegionState.New(Now);
        var made = new Dictionary<string, long>();
        for (var i = 0; i < 3 * RegionState.MaximumPurges; i++)
        {
            state = state.With(new(CacheScopeKind.Key, $"k{i}"), Now);
            made[$"k{i}"] = state.Current;
        }

        var purges = state.ToEpochs().Purges;
        var all = purges.Single(purge => purge.Scope == CacheScope.All).Epoch;
        Assert.InRange(purges.Length, RegionState.MaximumPurges / 2, RegionState.MaximumPurges);
        Assert.All(made, key => Assert.True(purges.FirstOrDefault(purge => purge.Scope.Name == key.Key)?.Epoch == key.Value || all >= key.Value));
    }

    [Fact]
    public void Purges_OfOthers_AreTakenIn_AndNoneIsForgotten()
    {
        CacheScope a = new(CacheScopeKind.Api, "a"), b = new(CacheScopeKind.Api, "b");
        var common = RegionState.New(Now).With(a, Now).With(b, Now);
        var mine = common.With(a, Now.AddSeconds(2));
        var others = common.With(b, Now.AddSeconds(1));

        var both = mine.With(others.ToEpochs()).ToEpochs();
        var all = mine.With(others.With(CacheScope.All, Now.AddSeconds(3)).ToEpochs()).ToEpochs();

        Assert.Equal([CacheScope.All, b, a], both.Purges.Select(purge => purge.Scope));
        Assert.Equal((others.Current, mine.Current, mine.Current), (both.Purges[1].Epoch, both.Purges[2].Epoch, both.Current));
        Assert.Equal(new CachePurge(CacheScope.All, all.Current), Assert.Single(all.Purges));
    }

    [Theory]
    [StoreData]
    public async Task Store_Remembers(string kind)
    {
        await using var server = await TestStore.StartAsync(kind);
        var store = new RegionStore(new RedisStore(server.Connection, new KeySpace("test"), NullLogger<RedisStore>.Instance));
        var nothing = (await store.ReadAsync("internal")).Value!;
        Assert.Null(nothing.Epochs);
        var state = RegionState.New(Now).With(new(CacheScopeKind.Operation, "a", "get"), Now).With(new(CacheScopeKind.Tag, "ä"), Now);

        var written = (await store.TryWriteAsync("internal", state.ToEpochs(), nothing)).Value;
        Assert.Null((await store.TryWriteAsync("internal", RegionState.New(Now).ToEpochs(), nothing)).Value);

        var read = (await store.ReadAsync("internal")).Value!;
        Assert.Equal(written!.Text, read.Text);
        Assert.Equal(state.ToEpochs().Purges, read.Epochs!.Purges);
        Assert.Equal(state.Current, read.Epochs.Current);
        Assert.NotNull((await store.TryWriteAsync("internal", state.With(CacheScope.All, Now).ToEpochs(), read)).Value);
        Assert.Null((await store.TryWriteAsync("internal", state.ToEpochs(), read)).Value);
        Assert.Null((await store.ReadAsync("other")).Value!.Epochs);
    }
}
