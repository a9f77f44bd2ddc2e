using System.Text.Json.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Tests.Publications;
using Gateway.Testing.Stores;
using StackExchange.Redis;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Upgrades;

/// <summary>
/// A state store as an earlier version of the product left it, key by key: made by a site that had the first schema of manifests (without pages) and kept the bare
/// signing key. It was dumped then, and is never made anew.
/// </summary>
public sealed class StoredDataTests
{
    [Theory, StoreData]
    public async Task Catalog_IsReadWithItsSecrets(string store)
    {
        await using var site = await SiteAsync(store);

        var all = await site.Source.ReadSinceAsync(null);

        Assert.Equal(7, all.Version);
        var byId = all.Contents.ToDictionary(content => content.Id, content => content.Properties!);
        Assert.Equal(
            ["/apis/orders", "/apis/orders/operations/get", "/apis/orders/policies/policy", "/gateways/managed/apis/orders", "/namedValues/secret-word", "/products/starter", "/products/starter/apis/orders", "/subscriptions/first"],
            byId.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("hidden", (string?)byId["/namedValues/secret-word"]["value"]);
        Assert.Equal("first-primary-key", (string?)byId["/subscriptions/first"]["primaryKey"]);
    }

    [Theory, StoreData]
    public async Task Publications_GoOnInTheirLineage_UnderTheSameKey_InTheSchemaOfNow(string store)
    {
        await using var site = await SiteAsync(store);
        using var publisher = await site.PublisherAsync();
        var before = publisher.State!;
        Assert.Equal((1, 4L), (before.Manifest.Schema, before.Manifest.Number));

        Assert.True(await publisher.RefreshAsync());

        var after = publisher.State!;
        Assert.Equal((Manifest.CurrentSchema, before.Manifest.Lineage, 5L), (after.Manifest.Schema, after.Manifest.Lineage, after.Manifest.Number));
        Assert.Equal(before.Signed.PublicKey, after.Signed.PublicKey);
        Assert.True(ManifestVerifier.Verify(after.Signed, before.Signed.PublicKey).IsSuccess);
        Assert.Contains(after.Index.Parts, part => part is { Kind: ChunkKind.Api, Id: "orders" });
    }

    [Theory, StoreData]
    public async Task Catalog_IsWrittenOn(string store)
    {
        await using var site = await SiteAsync(store);
        using var publisher = await site.PublisherAsync();
        await publisher.RefreshAsync();

        await site.CommitAsync(Api("later"));

        Assert.True(await publisher.RefreshAsync());
        Assert.Contains(publisher.State!.Index.Parts, part => part.Id == "later");
        Assert.Equal(8, (await site.Source.ReadHeadAsync()).Version);
    }

    private static async Task<PublisherHarness> SiteAsync(string store)
    {
        var dump = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Upgrades", "stored-by-an-earlier-version.json")))!;
        return await PublisherHarness.StartAsync(
            store, siteKey: SiteKey.Parse((string)dump["siteKey"]!).Value!, serviceId: "gateway", fill: database => FillAsync(database, dump["keys"]!.AsObject()));
    }

    private static async Task FillAsync(IDatabase database, JsonObject keys)
    {
        foreach (var (key, value) in keys)
        {
            if (value!["string"] is { } text)
            {
                await database.StringSetAsync(key, Convert.FromBase64String((string)text!));
            }
            else if (value["hash"] is JsonObject fields)
            {
                await database.HashSetAsync(key, [.. fields.Select(field => new HashEntry(field.Key, Convert.FromBase64String((string)field.Value!)))]);
            }
            else
            {
                await database.SortedSetAddAsync(key, [.. value["set"]!.AsArray().Select(member => new SortedSetEntry((string)member!, 0))]);
            }
        }
    }
}
