using Gateway.Contracts.Publications;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler.Programs;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Federation;

/// <summary>What a site makes of its hub's publications.</summary>
public sealed class FederatedSiteTests
{
    [Fact]
    public async Task Publication_OfTheHub_BecomesOneOfTheSiteThatNamesIt()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway), Subscription("s")]);
        await using var site = await TestSite.StartAsync(hub.Address);

        Assert.True(await site.PullAsync());

        var manifest = site.Publisher.State!.Manifest;
        Assert.Equal(hub.State.Manifest.Id, manifest.Origin);
        Assert.Equal(hub.State.Manifest.CatalogVersion, manifest.CatalogVersion);
        Assert.NotEqual(hub.State.Manifest.Lineage, manifest.Lineage);
        Assert.Equal("managed", manifest.Gateway);
        Assert.Equal("orders", (await site.ReadAsync(ChunkKind.Api, "orders", PublicationJson.Default.ApiChunk)).Path);
        Assert.Single(site.Publisher.State.Index.Parts, part => part.Kind == ChunkKind.Subscriptions);
        Assert.True(site.Puller.Status is { IsConnected: true, Fault: null, Gateway: FakeHub.Gateway });
    }

    [Fact]
    public async Task Hub_GivesOnlyTheApisThatAreAssigned_AndTheSiteLosesThoseThatAreNoLonger()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("mine", gateway: FakeHub.Gateway), .. Api("other", gateway: "paris"), .. Api("both", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        Assert.Equal(["both", "mine"], site.Apis);

        await hub.CommitAsync(Gone($"/gateways/{FakeHub.Gateway}/apis/both"), Put($"/gateways/{FakeHub.Gateway}/apis/other", "{}"));
        await site.PullAsync();

        Assert.Equal(["mine", "other"], site.Apis);
    }

    [Fact]
    public async Task Hub_ShipsNoPrograms_AndTheSiteCompilesThem()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway), Put("/apis/orders/policies/policy", """{"value":"@(b) @(a)"}""")]);
        Assert.DoesNotContain(hub.State.Index.Parts, part => part.Kind == ChunkKind.Program);
        Assert.Empty(hub.State.Manifest.ExpressionAbis);
        var compiler = new FakeCompiler();
        await using var site = await TestSite.StartAsync(hub.Address, compiler);

        await site.PullAsync();

        Assert.Equal([1], site.Publisher.State!.Manifest.ExpressionAbis);
        var program = new ProgramSource(["(a)", "(b)"]);
        Assert.Equal([(program.Key, 1)], compiler.Compiled);
        Assert.Equal("1: (a) (b)"u8.ToArray(), (await site.ReadAsync(ChunkKind.Program, ProgramChunk.Id(program.Key, 1), PublicationJson.Default.ProgramChunk)).Image);
        Assert.Equal(program.Key, PolicyTree.Deserialize((await site.ReadAsync(ChunkKind.Api, "orders", PublicationJson.Default.ApiChunk)).Policy!).Program);
    }

    [Fact]
    public async Task Expressions_ThatTheSiteCannotCompile_KeepWhatItHas()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address, new FakeCompiler());
        await site.PullAsync();
        var before = site.Publisher.State;

        await hub.CommitAsync(Put("/apis/orders/policies/policy", """{"value":"@(wrong)"}"""));
        Assert.False(await site.PullAsync());

        Assert.Same(before, site.Publisher.State);
        Assert.Contains($"publication {hub.State.Manifest.Id} of the hub is not published", Assert.Single(site.Services.Unpublished.All), StringComparison.Ordinal);
        await hub.CommitAsync(Gone("/apis/orders/policies/policy"));
        Assert.True(await site.PullAsync());
    }

    [Fact]
    public async Task Change_OfOneApi_FetchesItsChunkAndItsPageOnly()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Enumerable.Range(0, 50).SelectMany(i => Api($"api-{i}", gateway: FakeHub.Gateway))]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        hub.Asked.Clear();
        var encoded = site.Publisher.EncodedChunks;

        await hub.CommitAsync(Put("/apis/api-7", """{"displayName":"Seven","path":"seven"}"""));
        await site.PullAsync();

        Assert.Equal(2, hub.Asked.Count(path => path.StartsWith("chunks/", StringComparison.Ordinal)));
        Assert.Equal(2, site.Publisher.EncodedChunks - encoded);
        Assert.Equal("seven", (await site.ReadAsync(ChunkKind.Api, "api-7", PublicationJson.Default.ApiChunk)).Path);
    }

    [Fact]
    public async Task Site_RestartedWhileTheHubIsAway_PublishesItsCopy()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        var before = site.Publisher.State!.Manifest.Id;
        hub.Instead = Answers.Status(500);

        await site.RestartAsync();

        Assert.Equal(before, site.Publisher.State!.Manifest.Id);
        Assert.Equal(["orders"], site.Apis);
        await site.PullInVainAsync("answered 500");
    }

    [Fact]
    public async Task Site_ThatNamesItsGatewayInItsEdges_PublishesForThem()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address, gateway: FakeHub.Gateway);
        using var other = await site.Services.PublisherAsync("paris");

        await site.PullAsync();
        await other.RefreshAsync();

        Assert.Equal(FakeHub.Gateway, site.Publisher.State!.Manifest.Gateway);
        Assert.Null(other.State);
    }

    [Fact]
    public async Task Copy_InTheStore_IsSealedUnderTheKeyOfTheSite()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync(
        [
            .. Api("orders", displayName: "canary-in-the-copy", gateway: FakeHub.Gateway),
            Put("/backends/b", """{"url":"https://b.example","credentials":{"authorization":{"scheme":"Bearer","parameter":"canary-of-a-backend"}}}"""),
        ]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();

        var everything = string.Concat((await site.Services.Store.DumpAsync()).Values.Select(value => System.Text.Encoding.Latin1.GetString(value)));

        Assert.DoesNotContain("canary", everything, StringComparison.Ordinal);
    }
}
