using System.Text.Json.Nodes;
using Gateway.Contracts.Results;
using Gateway.Grains.Federation;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Federation;

/// <summary>What a site can tell of its hub's catalog.</summary>
public sealed class HubCatalogTests
{
    [Fact]
    public async Task Copy_TellsOfApisOperationsProductsSubscriptionsAndBackends_ButNoSecret()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync(
        [
            .. Api("orders", gateway: FakeHub.Gateway), .. Api("invoices", gateway: FakeHub.Gateway), .. Api("elsewhere"),
            Put("/products/starter", """{"displayName":"Starter","state":"published","subscriptionRequired":true}"""), Put("/products/starter/apis/orders", "{}"),
            Subscription("first"),
            Put("/backends/stock", """{"url":"https://stock.example","protocol":"http","credentials":{"authorization":{"scheme":"Bearer","parameter":"hidden"}}}"""),
        ]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        var catalog = site.Services.Get<HubCatalog>();

        Assert.Equal(["/apis/invoices", "/apis/orders"], await ListAsync(catalog, "/apis"));
        Assert.Equal(["/apis/orders"], await ListAsync(catalog, "/apis", skip: 1, total: 2));
        Assert.Equal(["/apis/orders/operations/get"], await ListAsync(catalog, "/apis/orders/operations"));
        Assert.Equal(["/products/starter"], await ListAsync(catalog, "/products"));
        Assert.Equal(["/products/starter/apis/orders"], await ListAsync(catalog, "/products/starter/apis"));
        Assert.Equal(["/subscriptions/first"], await ListAsync(catalog, "/subscriptions"));
        var (api, operation, subscription, backend) = (await GetAsync(catalog, "/apis/orders"), await GetAsync(catalog, "/apis/orders/operations/get"), await GetAsync(catalog, "/subscriptions/first"), await GetAsync(catalog, "/backends/stock"));
        Assert.Equal(("orders", "https://backend.example"), ((string?)api["path"], (string?)api["serviceUrl"]));
        Assert.Equal("/{id}", (string?)operation["urlTemplate"]);
        Assert.Equal(["displayName", "scope", "state", "createdDate"], subscription.Select(property => property.Key));
        Assert.Equal(["url", "protocol"], backend.Select(property => property.Key));
    }

    [Theory]
    [InlineData("/apis/elsewhere")]
    [InlineData("/apis/orders/operations/none")]
    [InlineData("/apis/orders/policies/policy")]
    [InlineData("/namedValues/word")]
    public async Task Resource_ThatTheCopyDoesNotKnow_IsNotFound_AndTheHubIsNamedAsTheOneToAsk(string id)
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway), .. Api("elsewhere"), NamedValue("word", "word", "x")]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();

        var found = await site.Services.Get<HubCatalog>().GetAsync(id);

        Assert.Equal(ErrorKind.ResourceNotFound, Assert.Single(found.Errors).Code);
        Assert.Contains("Ask the hub for the rest", found.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_WithoutACopy_SaysSo()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await TestSite.StartAsync(hub.Address);

        var listed = await site.Services.Get<HubCatalog>().ListAsync("/apis", 0, 10);

        Assert.Equal(ErrorKind.ServiceUnavailable, Assert.Single(listed.Errors).Code);
    }

    private static async Task<string[]> ListAsync(HubCatalog catalog, string collection, int skip = 0, int? total = null)
    {
        var listed = await catalog.ListAsync(collection, skip, 100);
        Assert.Equal(total ?? listed.Value!.Resources.Length, listed.Value!.Total);
        return [.. listed.Value.Resources.Select(resource => resource.Id)];
    }

    private static async Task<JsonObject> GetAsync(HubCatalog catalog, string id) => JsonNode.Parse((await catalog.GetAsync(id)).Value!.Properties)!.AsObject();
}
