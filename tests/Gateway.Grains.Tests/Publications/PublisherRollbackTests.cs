using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Publications;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications;

public sealed class PublisherRollbackTests
{
    [Theory, StoreData]
    public async Task Rollback_PublishesWhatWas_AndStaysUntilTheCatalogChanges(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(Api("a"));
        await publisher.RefreshAsync();
        var good = publisher.State!;
        await site.CommitAsync(Api("a", "broken"));
        await site.CommitAsync(Api("b"));
        await publisher.RefreshAsync();
        var broken = publisher.State!;

        var made = await publisher.RollbackAsync(good.Manifest.Number);

        Assert.True(made.IsSuccess, string.Join('\n', made.Errors.Select(error => error.Message)));
        Assert.Equal((broken.Manifest.Number + 1, good.Manifest.Number), (made.Value.Number, publisher.State!.Manifest.RollbackOf));
        Assert.Equal(good.Manifest.Chunks, publisher.State.Manifest.Chunks);
        Assert.Equal(good.Manifest.CatalogVersion, publisher.PublishedVersion);
        Assert.Null(PublicationOrder.Objection(broken.Manifest.Id, publisher.State.Manifest));

        // Neither the next look nor another silo brings back what was put aside.
        Assert.False(await publisher.RefreshAsync());
        using var other = await site.PublisherAsync();
        Assert.False(await other.RefreshAsync());
        Assert.Equal(made.Value, other.State!.Manifest.Id);

        await site.CommitAsync(Api("a", "mended"));
        foreach (var next in (Publisher[])[other, publisher])
        {
            await next.RefreshAsync();
            Assert.Equal((made.Value.Number + 1, null), (next.State!.Manifest.Number, next.State.Manifest.RollbackOf));
            Assert.Equal(["service", "a", "b"], next.State.Index.Parts.Order(Comparer<ChunkReference>.Create(ChunkReference.ComparePlaces)).Select(part => part.Id));
            Assert.DoesNotContain(next.State.Index.Parts, part => part.Name == good.Index.Parts.Single(old => old.Id == "a").Name);
        }
    }

    [Theory, StoreData]
    public async Task Rollback_ToOneThatIsNotKept_OrIsInForce_IsRefused(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await publisher.RefreshAsync();

        var (unknown, current) = (await publisher.RollbackAsync(7), await publisher.RollbackAsync(1));

        Assert.Equal((ErrorKind.ResourceNotFound, ErrorKind.Conflict), (unknown.Errors[0].Code, current.Errors[0].Code));
        Assert.Equal(1, publisher.State!.Manifest.Number);
    }

    [Theory, StoreData]
    public async Task Rollback_KeepsTheBodiesThatItBringsBack(string store)
    {
        await using var site = await PublisherHarness.StartAsync(store);
        using var publisher = await site.PublisherAsync();
        await site.CommitAsync(Api("a"));
        await publisher.RefreshAsync();
        var good = publisher.State!;
        await site.CommitAsync(Api("a", "broken"));
        await publisher.RefreshAsync();
        await publisher.RollbackAsync(good.Manifest.Number);

        for (var change = 0; change < Retention.Manifests + 1; change++)
        {
            await site.CommitAsync(Api($"other-{change}"));
            await publisher.RefreshAsync();
            Assert.DoesNotContain(null, await site.Faults.BodiesAsync("managed", [.. publisher.State!.Index.Parts.Select(part => part.Name)]));
        }
    }
}
