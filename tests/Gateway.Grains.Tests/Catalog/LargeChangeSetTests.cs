using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class LargeChangeSetTests
{
    [Theory, StoreData]
    public async Task ChangeSet_ThousandApisOfAlmost64Megabytes_IsOneVersion(string store)
    {
        await using var catalog = await CatalogCluster.StartAsync(store);
        var filler = new string('x', 66_000);

        var receipt = await catalog.Commit([.. Enumerable.Range(0, 1000).Select(i => Put(
            $"/apis/large-{i}",
            new JsonObject { ["displayName"] = $"{i}", ["path"] = $"large-{i}", ["description"] = filler }.ToJsonString()))]);

        Assert.Equal(1, receipt.Version);
        Assert.All(receipt.Changes, change => Assert.Equal(ChangeOutcome.Created, change.Outcome));
        Assert.Equal(filler, (string?)(await catalog.Properties("/apis/large-999"))!["description"]);
        Assert.Equal(1000, (await catalog.Reader.List(new ResourceQuery { Collection = "/apis", Top = 1 }, default)).Value!.Total);
    }

    [Theory, StoreData]
    public async Task ChangeSet_TenThousandChangesWithPolicies_IsOneVersion(string store)
    {
        await using var catalog = await CatalogCluster.StartAsync(store);

        var receipt = await catalog.Commit([NamedValue("n", "v"), .. Enumerable.Range(0, 2000).SelectMany(i => (Change[])
        [
            Api($"many-{i}"),
            Put($"/apis/many-{i}/operations/a", """{"displayName":"A","method":"GET","urlTemplate":"/{id}"}"""),
            Put($"/apis/many-{i}/operations/b", """{"displayName":"B","method":"POST","urlTemplate":"/{id}"}"""),
            Policy($"/apis/many-{i}", $$$"""<policies><inbound><base /><set-header name="x-{{{i}}}" exists-action="override"><value>{{n}}</value></set-header></inbound></policies>"""),
        ])]);

        Assert.Equal((1, 8001), (receipt.Version, receipt.Changes.Length));
        var delete = await catalog.Commit([.. Enumerable.Range(0, 2000).Select(i => Delete($"/apis/many-{i}"))]);
        Assert.Equal(2, delete.Version);
        Assert.Empty(await catalog.List("/gateways/managed/apis"));
    }
}
