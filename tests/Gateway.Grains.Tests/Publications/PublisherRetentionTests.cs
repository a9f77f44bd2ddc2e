using Gateway.Contracts.Publications;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Projection;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications;

/// <summary>What a publisher leaves in the store, and for how long.</summary>
public sealed class PublisherRetentionTests
{
    [Theory, StoreData]
    public async Task OldPublications_AreKeptForAWhileAndThenCollected(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        var (names, pages) = (new List<string>(), new List<string>());
        for (var number = 1; number <= Retention.Manifests + 2; number++)
        {
            await site.CommitAsync(Api("a", $"version {number}"));
            await publisher.RefreshAsync();
            names.Add(publisher.State!.Index.Find(PartKey.Api("a"))!.Name);
            pages.Add(publisher.State.Manifest.Chunks.Single(chunk => chunk.Kind == ChunkKind.Index).Name);
        }

        var keys = (await site.Store.DumpAsync()).Keys.Where(key => key.StartsWith("{gw:test}:p:managed:", StringComparison.Ordinal)).ToArray();

        Assert.Equal(Retention.Manifests, keys.Count(key => key.Contains(":m:", StringComparison.Ordinal)));
        Assert.Equal(
            names.Skip(2).Concat(pages.Skip(2)).Append(publisher.State!.Index.Find(PartKey.Service)!.Name).Order(StringComparer.Ordinal),
            keys.Where(key => key.Contains(":c:", StringComparison.Ordinal)).Select(key => key[(key.LastIndexOf(':') + 1)..]).Order(StringComparer.Ordinal));
        Assert.NotNull((await publisher.Bodies.GetAsync([names[2]]))[0]);
        Assert.Null((await publisher.Bodies.GetAsync([names[1]]))[0]);
    }

    [Theory, StoreData]
    public async Task Content_ThatComesBack_IsNotCollectedWithThePublicationThatHadItFirst(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using (var publisher = await site.PublisherAsync())
        {
            await site.CommitAsync([.. Api("a", "first"), .. Api("b")]);
            await publisher.RefreshAsync();
            await site.CommitAsync(Api("a", "second"));
            await publisher.RefreshAsync();
            await site.CommitAsync(Api("a", "first"));
            await publisher.RefreshAsync();
        }

        // Another activation knows what is kept from what is stored.
        using var next = await site.PublisherAsync();
        for (var number = 0; number < Retention.Manifests; number++)
        {
            await site.CommitAsync(Api("b", $"version {number}"));
            Assert.True(await next.RefreshAsync());
        }

        using var last = await site.PublisherAsync();
        Assert.DoesNotContain(null, await last.Bodies.GetAsync(Names(last.State!)));
        var bodies = (await site.Store.DumpAsync()).Keys.Count(key => key.Contains(":c:", StringComparison.Ordinal));
        Assert.Equal(1 + 2 + (2 * (Retention.Manifests - 1)) + 2, bodies);
    }

    [Theory, StoreData]
    public async Task Publication_OfAnOlderSchema_IsFollowedByOneOfThisAndThenCollected(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using (var old = await site.PublisherAsync())
        {
            await site.CommitAsync(Api("a"));
            await old.RefreshAsync();
            await site.StoreFlatAsync(old.State!);
        }

        using var publisher = await site.PublisherAsync();
        Assert.Equal(1, publisher.State!.Manifest.Schema);
        Assert.True(await publisher.RefreshAsync());

        Assert.Equal((2, Manifest.CurrentSchema), (publisher.State.Manifest.Number, publisher.State.Manifest.Schema));
        Assert.True(ManifestVerifier.Verify(publisher.State.Signed, publisher.State.Signed.PublicKey).IsSuccess);
        Assert.DoesNotContain(null, await publisher.Bodies.GetAsync(Names(publisher.State)));
    }

    private static string[] Names(PublishedState state) => [.. state.Manifest.Chunks.Concat(state.Index.Parts).Select(chunk => chunk.Name).Distinct()];
}
