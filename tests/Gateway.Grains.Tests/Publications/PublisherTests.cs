using Gateway.Contracts.Publications;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Projection;
using Gateway.Testing.Stores;
using StackExchange.Redis;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications;

public sealed class PublisherTests
{
    [Theory, StoreData]
    public async Task EmptyCatalog_HasPublicationOne_SignedAndReadable(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();

        Assert.True(await publisher.RefreshAsync());

        var state = publisher.State!;
        var verified = ManifestVerifier.Verify(state.Signed, state.Signed.PublicKey);
        Assert.True(verified.IsSuccess);
        Assert.Equal(1, verified.Value.Number);
        Assert.Equal("managed", verified.Value.Gateway);
        var service = Assert.Single(verified.Value.Chunks);
        var body = Assert.Single(await publisher.Bodies.GetAsync([service.Name]))!;
        Assert.Equal("gateway", site.Read(body, service.Name, PublicationJson.Default.ServiceChunk).ServiceName);
        Assert.False(await publisher.RefreshAsync());
    }

    [Theory, StoreData]
    public async Task OneApiOfAThousand_Changed_EncodesOneChunkAndOnePage(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync([.. Enumerable.Range(0, 1000).SelectMany(number => Api($"api-{number}"))]);
        await publisher.RefreshAsync();
        var before = publisher.State!;
        var encoded = publisher.EncodedChunks;
        Assert.Equal(1001 + IndexPage.Count, encoded);

        await site.CommitAsync(Api("api-500", "changed")[0]);
        Assert.True(await publisher.RefreshAsync());

        var after = publisher.State!;
        Assert.Equal(2, publisher.EncodedChunks - encoded);
        Assert.Equal(before.Manifest.Number + 1, after.Manifest.Number);
        Assert.Equal("api-500", Assert.Single(after.Index.Parts.Except(before.Index.Parts)).Id);
        Assert.Equal(before.Index.Parts.Select(chunk => chunk.Id), after.Index.Parts.Select(chunk => chunk.Id));
        Assert.Equal(IndexPage.Id(IndexPage.Of(ChunkKind.Api, "api-500")), Assert.Single(after.Manifest.Chunks.Except(before.Manifest.Chunks)).Id);
    }

    [Theory, StoreData]
    public async Task Change_ThatEdgesDoNotSee_MakesNoPublication(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(Api("a"));
        await publisher.RefreshAsync();
        var before = publisher.State;

        await site.CommitAsync(Put("/apis/a", """{"displayName":"a","path":"a","protocols":["https"],"serviceUrl":"https://backend.example","description":"new"}"""));

        Assert.False(await publisher.RefreshAsync());
        Assert.Same(before, publisher.State);
    }

    [Theory, StoreData]
    public async Task AnotherActivation_OfTheSameGateway_NeverMakesTwoPublicationsOfOneNumber(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var one = await site.PublisherAsync();
        using var two = await site.PublisherAsync();
        await one.RefreshAsync();

        Assert.True(await two.RefreshAsync());
        Assert.Equal(one.State!.Signed.Payload, two.State!.Signed.Payload);

        await site.CommitAsync(Api("a"));
        Assert.True(await two.RefreshAsync());
        Assert.Equal(2, two.State!.Manifest.Number);
        Assert.Equal(1, one.State!.Manifest.Number);
        Assert.True(await one.RefreshAsync());
        Assert.Equal(two.State.Signed.Payload, one.State!.Signed.Payload);

        Assert.False(await one.RefreshAsync());
        await site.CommitAsync(Api("b"));
        Assert.True(await one.RefreshAsync());
        Assert.Equal(3, one.State!.Manifest.Number);
    }

    [Theory, StoreData]
    public async Task Activation_OvertakenByAnotherThatKnowsLess_PublishesItsChangeAtOnce(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var one = await site.PublisherAsync();
        using var two = await site.PublisherAsync();
        await one.RefreshAsync();
        await two.RefreshAsync();
        await site.CommitAsync(Api("a"));
        site.Faults.BeforePublish = async () =>
        {
            // While one stores, two stores the same first, and another change comes.
            site.Faults.BeforePublish = null;
            await two.RefreshAsync();
            await site.CommitAsync(Api("b"));
        };

        Assert.True(await one.RefreshAsync());

        Assert.Equal(3, one.State!.Manifest.Number);
        Assert.NotNull(one.State.Index.Find(PartKey.Api("b")));
    }

    [Theory, StoreData]
    public async Task NextActivation_GoesOnWhereTheLastEnded_WithoutEncodingAgain(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        await site.CommitAsync([.. Api("a"), .. Api("b")]);
        using (var first = await site.PublisherAsync())
        {
            await first.RefreshAsync();
        }

        using var second = await site.PublisherAsync();
        Assert.Equal(1, second.State!.Manifest.Number);
        Assert.False(await second.RefreshAsync());
        Assert.Equal(0, second.EncodedChunks);
        Assert.DoesNotContain(null, await second.Bodies.GetAsync(Names(second.State)));

        await site.CommitAsync(Gone("/apis/b/operations/get"));
        Assert.True(await second.RefreshAsync());
        Assert.Equal(2, second.EncodedChunks);
    }

    [Theory, StoreData]
    public async Task Store_Away_LeavesEverythingInMemoryAndTheChangeIsPublishedWhenItIsBack(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(Api("a"));
        await publisher.RefreshAsync();
        var before = publisher.State!;
        await site.CommitAsync(Api("a", "changed"));
        site.Faults.IsDown = true;

        await Assert.ThrowsAsync<RedisException>(publisher.RefreshAsync);
        Assert.Same(before, publisher.State);
        Assert.DoesNotContain(null, await publisher.Bodies.GetAsync(Names(before)));

        site.Faults.IsDown = false;
        Assert.True(await publisher.RefreshAsync());
        Assert.Equal(2, publisher.State!.Manifest.Number);
    }

    [Theory, StoreData]
    public async Task Store_Flushed_IsNotWrittenAndThePublicationStays(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(Api("a"));
        await publisher.RefreshAsync();
        var before = publisher.State;

        await site.Store.FlushAsync();

        Assert.False(await publisher.RefreshAsync());
        Assert.Same(before, publisher.State);
        Assert.Empty(await site.Store.DumpAsync());
    }

    [Theory, StoreData]
    public async Task Gateway_NotDeclared_HasNoPublicationUntilItIs(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync("branch");
        Assert.False(await publisher.RefreshAsync());
        Assert.Null(publisher.State);

        await site.CommitAsync([Put("/gateways/branch", "{}"), .. Api("a", gateway: "branch"), .. Api("b")]);

        Assert.True(await publisher.RefreshAsync());
        Assert.Equal(["a", "service"], publisher.State!.Index.Parts.Select(chunk => chunk.Id));
    }

    [Theory, StoreData]
    public async Task Store_HoldsNoKeyAndNoNamedValueInTheClear(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(
        [
            .. Api("a"), Policy("/apis/a", "x", "{{v}}"), Put("/namedValues/v", """{"displayName":"v","value":"canary-value","secret":true}"""),
            Put("/subscriptions/s", """{"displayName":"s","scope":"/apis","state":"active","primaryKey":"canary-primary","secondaryKey":"canary-secondary"}"""),
        ]);
        await publisher.RefreshAsync();

        var all = await site.Store.DumpAsync();

        Assert.All(all, entry => Assert.Equal(-1, entry.Value.AsSpan().IndexOf("canary"u8)));
        Assert.Contains(all, entry => entry.Key.EndsWith(":signing-key", StringComparison.Ordinal));
    }

    [Theory, StoreData]
    public async Task FirstPublication_LargerThanOneTransaction_ArrivesWhole(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        var random = new Random(1);
        var records = Enumerable.Range(0, 30).SelectMany(number => Api($"a{number}", new string([.. Enumerable.Range(0, 400_000).Select(_ => (char)random.Next('0', 'z'))]).Replace('\\', '/')));
        await site.CommitAsync([.. records]);

        Assert.True(await publisher.RefreshAsync());

        using var next = await site.PublisherAsync();
        ChunkReference[] chunks = [.. next.State!.Index.Parts];
        Assert.True(chunks.Sum(chunk => (long)chunk.Length) > 8 * 1024 * 1024);
        Assert.Equal(chunks.Select(chunk => (int?)chunk.Length), (await next.Bodies.GetAsync([.. chunks.Select(chunk => chunk.Name)])).Select(body => body?.Length));
    }

    [Theory, StoreData]
    public async Task Silo_ToldOfALaterSigningKey_PublishesWithOneThatTheOldOneSigned_AndTheOthersFollow(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        await site.CommitAsync(Api("a"));
        using var one = await site.PublisherAsync();
        await one.RefreshAsync();
        var first = one.State!.Signed.PublicKey;

        using var told = await site.PublisherOfGenerationAsync(2);
        Assert.True(await told.RefreshAsync());

        var second = told.State!.Signed;
        Assert.Equal(2, told.State.Manifest.Number);
        Assert.NotEqual(first, second.PublicKey);
        Assert.True(KeyChain.LeadsTo(second.PublicKey, second.Chain, first));
        Assert.True(ManifestVerifier.Verify(second, second.PublicKey).IsSuccess);

        // The silo that was not told still holds the old key; what it signs with that is never stored.
        await site.CommitAsync(Api("b"));
        Assert.True(await one.RefreshAsync());
        Assert.Equal(3, one.State!.Manifest.Number);
        Assert.Equal(second.PublicKey, one.State.Signed.PublicKey);

        // The same number again, or a lower one, changes nothing.
        using var again = await site.PublisherOfGenerationAsync(2);
        Assert.False(await again.RefreshAsync());
        using var third = await site.PublisherOfGenerationAsync(5);
        Assert.True(await third.RefreshAsync());
        Assert.Equal(2, third.State!.Signed.Chain.Length);
        Assert.True(KeyChain.LeadsTo(third.State.Signed.PublicKey, third.State.Signed.Chain, first));
    }

    private static string[] Names(PublishedState state) => [.. state.Manifest.Chunks.Concat(state.Index.Parts).Select(chunk => chunk.Name).Distinct()];
}
