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

    [Theory]
    [StoreData]
    public async Task Store_Remembers(string kind)
    {
        await using var server = await TestStore.StartAsync(kind);
        var store = new RegionStore(new RedisStore(server.Connection, new KeySpace("test"), NullLogger<RedisStore>.Instance));
        Assert.Null((await store.ReadAsync("internal")).Value);
        var state = RegionState.New(Now).With(new(CacheScopeKind.Operation, "a", "get"), Now).With(new(CacheScopeKind.Tag, "ä"), Now);

        await store.WriteAsync("internal", state.ToEpochs());

        var read = RegionState.Of((await store.ReadAsync("internal")).Value!);
        Assert.Equal(state.ToEpochs().Purges, read.ToEpochs().Purges);
        Assert.Equal(state.Current, read.Current);
        Assert.Null((await store.ReadAsync("other")).Value);
    }
}
