using Gateway.Contracts.Publications;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.PolicyCompiler.Programs;
using Gateway.Testing.Stores;
using StackExchange.Redis;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications;

/// <summary>The programs of the publications that a publisher makes.</summary>
public sealed class PublisherProgramTests
{
    [Theory, StoreData]
    public async Task Programs_AreCompiledOnceForAllGatewaysAndNotAgainAfterARestart(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store, new FakeTrees());
        await site.CommitAsync(
        [
            .. Api("a"), .. Api("b"), .. Api("c", gateway: "branch"), Put("/gateways/branch", "{}"),
            Document("/apis/a", "@(x)"), Document("/apis/b", "@(y)"), Document("/apis/c", "@(x)"),
        ]);
        using (var managed = await site.PublisherAsync())
        using (var branch = await site.PublisherAsync("branch"))
        {
            await managed.RefreshAsync();
            await branch.RefreshAsync();
            Assert.Equal([1], managed.State!.Manifest.ExpressionAbis);
            Assert.Equal(2, site.Compiler.Compiled.Count);
        }

        var next = new FakeCompiler();
        using var restarted = await site.PublisherAsync(compiler: next);
        Assert.False(await restarted.RefreshAsync());
        await site.CommitAsync(Document("/apis/a", "@(z)"));
        Assert.True(await restarted.RefreshAsync());

        Assert.Equal(new ProgramSource(["(z)"]).Key, Assert.Single(next.Compiled).Key);
        Assert.Equal(["(y)", "(z)"], restarted.State!.Index.Parts.Where(part => part.Kind == ChunkKind.Program)
            .Select(part => ((string[])["(x)", "(y)", "(z)"]).Single(text => part.Id.StartsWith(new ProgramSource([text]).Key, StringComparison.Ordinal))).Order());
    }

    [Theory, StoreData]
    public async Task Expressions_ThatDoNotCompile_KeepThePublication(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store, new FakeTrees());
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync([.. Api("a"), Document("/apis/a", "@(x)")]);
        await publisher.RefreshAsync();
        var before = publisher.State;

        await site.CommitAsync(Document("/apis/a", "@(wrong)"));
        Assert.False(await publisher.RefreshAsync());
        Assert.Same(before, publisher.State);
        var reason = Assert.Single(site.Unpublished.All);
        Assert.StartsWith("Gateway 'managed': catalog version 2 is not published", reason, StringComparison.Ordinal);
        Assert.Contains("/apis/a: expression 0", reason, StringComparison.Ordinal);

        await site.CommitAsync(Document("/apis/a", "@(right)"));
        Assert.True(await publisher.RefreshAsync());
        Assert.Empty(site.Unpublished.All);
    }

    [Theory, StoreData]
    public async Task Programs_InTheStore_AreSealedAndExpire(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store, new FakeTrees());
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync([.. Api("a"), Document("/apis/a", "@(canary)")]);
        await publisher.RefreshAsync();

        var all = await site.Store.DumpAsync();
        var program = Assert.Single(all.Keys, key => key.Contains(":program:", StringComparison.Ordinal));
        Assert.Equal(-1, all[program].AsSpan().IndexOf("canary"u8));
        var life = await site.Store.Connection.GetDatabase().KeyTimeToLiveAsync(program);
        Assert.InRange(life!.Value.TotalDays, 29, 30);
        Assert.DoesNotContain(all.Keys, key => key.Contains("program-claim", StringComparison.Ordinal));
    }

    private static Grains.Catalog.CatalogContent Document(string scope, string text) => Put($"{scope}/policies/policy", $$"""{"format":"rawxml","value":"{{text}}"}""");
}
