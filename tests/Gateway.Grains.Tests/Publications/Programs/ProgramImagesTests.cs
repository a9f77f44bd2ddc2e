using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Storage;
using Gateway.PolicyCompiler.Programs;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Publications.Programs;

public sealed class ProgramImagesTests
{
    private readonly MemoryProgramStore _store = new();
    private readonly ProgramSource _source = new(["(x)"]);

    [Fact]
    public async Task Silos_ThatNeedAProgramAtOnce_CompileItOnce()
    {
        using var begun = new SemaphoreSlim(0);
        using var released = new SemaphoreSlim(0);
        var compiler = new FakeCompiler
        {
            Meanwhile = () =>
            {
                begun.Release();
                Assert.True(released.Wait(TimeSpan.FromSeconds(30)));
            },
        };
        using var one = Images(compiler);
        using var two = Images(compiler);
        var first = one.GetAsync(_source, 1);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30)));

        Task<Contracts.Results.Result<byte[]>>[] others = [one.GetAsync(_source, 1), two.GetAsync(_source, 1)];
        released.Release();

        var image = (await first).Value;
        Assert.All(await Task.WhenAll(others), other => Assert.Equal(image, other.Value));
        Assert.Single(compiler.Compiled);
    }

    [Fact]
    public async Task Claim_IsRenewedWhileItCompiles_AndEndsWithIt()
    {
        var compiler = new FakeCompiler
        {
            Meanwhile = () => Assert.True(SpinWait.SpinUntil(() => _store.Renewals > 1, TimeSpan.FromSeconds(30)), "the claim is renewed"),
        };
        using var images = Images(compiler);

        Assert.True((await images.GetAsync(_source, 1)).IsSuccess);

        var renewals = _store.Renewals;
        Assert.True(await _store.ClaimAsync(Contracts.Publications.ProgramChunk.Id(_source.Key, 1), "another", TimeSpan.FromSeconds(1)));
        Assert.True((await images.GetAsync(new ProgramSource(["(y)"]), 1)).IsSuccess);
        Assert.InRange(_store.Renewals, renewals, renewals + 2);
    }

    [Theory, StoreData]
    public async Task Claim_IsOfOne_UntilItIsReleasedOrRunsOut(string kind)
    {
        await using var server = await TestStore.StartAsync(kind);
        var keys = new KeySpace("test");
        var store = new RedisProgramStore(
            new RedisStore(server.Connection, keys, NullLogger<RedisStore>.Instance), new CatalogOptions { ServiceId = "test", SiteKey = SiteKey.Generate() });

        Assert.True(await store.ClaimAsync("p.1", "one", TimeSpan.FromMinutes(5)));
        Assert.False(await store.ClaimAsync("p.1", "two", TimeSpan.FromMinutes(5)));
        await store.ReleaseAsync("p.1", "two");
        await store.RenewAsync("p.1", "two", TimeSpan.FromHours(1));
        Assert.False(await store.ClaimAsync("p.1", "two", TimeSpan.FromMinutes(5)));
        await store.RenewAsync("p.1", "one", TimeSpan.FromMinutes(10));
        Assert.InRange((await server.Connection.GetDatabase().KeyTimeToLiveAsync(keys.ProgramClaim("p.1")))!.Value, TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(10));
        await store.ReleaseAsync("p.1", "one");
        Assert.True(await store.ClaimAsync("p.1", "two", TimeSpan.FromMinutes(5)));
        await store.RenewAsync("p.1", "two", TimeSpan.FromMilliseconds(50));

        var begun = TimeProvider.System.GetTimestamp();
        while (!await store.ClaimAsync("p.1", "one", TimeSpan.FromMinutes(5)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(20), "the claim of one that died runs out");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Program_ThatDoesNotCompile_IsTriedAgainByWhoeverAsksNext()
    {
        var compiler = new FakeCompiler();
        using var images = Images(compiler);
        var wrong = new ProgramSource(["(wrong)"]);

        Assert.False((await images.GetAsync(wrong, 1)).IsSuccess);
        Assert.False((await images.GetAsync(wrong, 1)).IsSuccess);

        Assert.Equal(2, compiler.Compiled.Count);
    }

    private ProgramImages Images(FakeCompiler compiler) => new(compiler, _store, TimeProvider.System, NullLogger<ProgramImages>.Instance);
}
