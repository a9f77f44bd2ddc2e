using Gateway.Grains.Catalog;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class CatalogSourceTests
{
    [Theory, StoreData]
    public async Task ReadSince_Versions_GivesWhatChangedAfterThem(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var core = await new CatalogCore(store, "s").BeginAsync();
        await core.Commit(Product("a"), Product("b"), NamedValue("n", "secret-value", secret: true));
        await core.Commit(Product("c"), Delete("/products/b"));

        var full = await core.Source.ReadSinceAsync(null);
        var delta = await core.Source.ReadSinceAsync(1);
        var nothing = await core.Source.ReadSinceAsync(2);
        var unknown = await core.Source.ReadSinceAsync(3);

        Assert.Equal((true, 2, "/namedValues/n /products/a /products/c"), (full.IsFull, full.Version, Ids(full)));
        Assert.Equal("secret-value", (string?)full.Contents.Single(content => content.Id == "/namedValues/n").Properties!["value"]);
        Assert.Equal((false, 2, "/products/b /products/c"), (delta.IsFull, delta.Version, Ids(delta)));
        Assert.Null(delta.Contents.Single(content => content.Id == "/products/b").Properties);
        Assert.Equal((false, ""), (nothing.IsFull, Ids(nothing)));
        Assert.True(unknown.IsFull);
    }

    [Theory, StoreData]
    public async Task ReadSince_OlderThanKept_GivesEverything(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var core = await new CatalogCore(store, "s").BeginAsync();
        for (var i = 0; i <= CatalogStore.KeptChanges + 1; i++)
        {
            await core.Commit(Put("/products/p", $$"""{"displayName":"{{i}}"}"""));
        }

        var kept = await core.Source.ReadSinceAsync(2);
        var old = await core.Source.ReadSinceAsync(1);

        Assert.Equal((false, true), (kept.IsFull, old.IsFull));
        Assert.Equal(CatalogStore.KeptChanges, (await store.DumpAsync()).Keys.Count(key => key.Contains(":changes:", StringComparison.Ordinal)));
    }

    [Theory, StoreData]
    public async Task ReadSince_DuringCommits_NeverShowsHalfAChangeSet(string storeName)
    {
        const int products = 600;
        await using var store = await TestStore.StartAsync(storeName);
        var core = await new CatalogCore(store, "s").BeginAsync();
        Task Commit(int round) => core.Commit([.. Enumerable.Range(0, products).Select(i => Put($"/products/{i:0000}", $$"""{"displayName":"{{round}}"}"""))]);
        await Commit(0);
        var reader = new CatalogCore(store, "s");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var round = 1; !stop.IsCancellationRequested; round++)
            {
                await Commit(round);
            }
        });

        for (var i = 0; i < 15; i++)
        {
            var full = await reader.Source.ReadSinceAsync(null);
            var delta = await reader.Source.ReadSinceAsync(full.Version - 1);
            Assert.Equal(products, full.Contents.Count);
            Assert.Equal(products, delta.Contents.Count);
            Assert.Single(full.Contents.Select(content => (string?)content.Properties!["displayName"]).Distinct());
            Assert.Single(delta.Contents.Select(content => (string?)content.Properties!["displayName"]).Distinct());
        }

        await stop.CancelAsync();
        await writing;
    }

    private static string Ids(CatalogDelta delta) => string.Join(' ', delta.Contents.Select(content => content.Id).Order(StringComparer.Ordinal));
}
