using System.Text;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class CatalogTests(CatalogClusters clusters) : IClassFixture<CatalogClusters>
{
    [RedisFact]
    public async Task Redis_IsTested_WhereItIsInstalled() => Assert.NotNull(await clusters.Get("redis"));

    [Theory, StoreData]
    public async Task Put_NewThenSameThenOther_MovesVersionAndETagOnlyWithContent(string store)
    {
        var catalog = await clusters.Get(store);

        var created = (await catalog.Commit(Api("etag"))).Changes[0];
        var same = await catalog.Commit(Api("etag"));
        var other = (await catalog.Commit(Put("/apis/etag", """{"displayName":"Other","path":"etag"}"""))).Changes[0];

        Assert.Equal(
            (ChangeOutcome.Created, ChangeOutcome.Unchanged, ChangeOutcome.Updated),
            (created.Outcome, same.Changes[0].Outcome, other.Outcome));
        Assert.Equal(created.Resource!.ETag, same.Changes[0].Resource!.ETag);
        Assert.Equal(created.Resource.Version, same.Version);
        Assert.Equal(created.Resource.Version + 1, other.Resource!.Version);
        Assert.Matches("^[0-9a-f]{16}$", other.Resource.ETag);
        Assert.Equal(other.Resource.ETag, (await catalog.Reader.Get("/apis/etag", default)).Value!.ETag);
        Assert.Contains(catalog.Notices, notice => notice.Version == other.Resource.Version);
    }

    [Theory, StoreData]
    public async Task IfMatch_StaleOrMissing_IsRefused(string store)
    {
        var catalog = await clusters.Get(store);
        var tag = (await catalog.Commit(Api("match"))).Changes[0].Resource!.ETag;
        await catalog.Commit(Patch("/apis/match", """{"description":"x"}""", tag));

        Assert.Equal(ErrorKind.PreconditionFailed, (await catalog.Submit(Patch("/apis/match", """{"description":"y"}""", tag))).Errors.Single().Code);
        Assert.Equal(ErrorKind.PreconditionFailed, (await catalog.Submit(Delete("/apis/match", ifMatch: tag))).Errors.Single().Code);
        Assert.Equal(ErrorKind.PreconditionFailed, (await catalog.Submit(Api("match-new") with { IfMatch = "*" })).Errors.Single().Code);
        Assert.Equal(ErrorKind.ResourceNotFound, (await catalog.Submit(Patch("/apis/match-new", "{}", "*"))).Errors.Single().Code);
        Assert.Equal("x", (string?)(await catalog.Properties("/apis/match"))!["description"]);
        await catalog.Commit(Delete("/apis/match", ifMatch: "*"));
        Assert.Equal(ChangeOutcome.Absent, (await catalog.Commit(Delete("/apis/match", ifMatch: "*"))).Changes[0].Outcome);
    }

    [Theory, StoreData]
    public async Task Patch_Properties_MergesRemovesAndChecks(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Put("/apis/patch", """{"displayName":"P","path":"patch","description":"d","subscriptionKeyParameterNames":{"header":"h","query":"q"}}"""));

        await catalog.Commit(Patch("/apis/patch", """{"description":null,"subscriptionKeyParameterNames":{"query":"other"}}"""));
        var refused = await catalog.Submit(Patch("/apis/patch", """{"displayName":null}"""));

        var properties = (await catalog.Properties("/apis/patch"))!;
        Assert.False(properties.ContainsKey("description"));
        Assert.Equal(("h", "other"), ((string?)properties["subscriptionKeyParameterNames"]!["header"], (string?)properties["subscriptionKeyParameterNames"]!["query"]));
        Assert.Equal("properties.displayName", refused.Errors.Single().Target);
    }

    [Theory, StoreData]
    public async Task ChangeSet_WithErrors_ListsThemAllAndCommitsNothing(string store)
    {
        var catalog = await clusters.Get(store);
        var version = (await catalog.Commit(Api("atomic"))).Version;

        var result = await catalog.Submit(
            Api("atomic-1"),
            Put("/apis/atomic-2/operations/o", """{"displayName":"O","method":"GET","urlTemplate":"/"}"""),
            Put("/products/atomic/apis/atomic-1", "{}"),
            Put("/apis/atomic-3", """{"displayName":"x","path":"ATOMIC"}"""));
        var shapes = await catalog.Submit(Api("atomic-4"), Put("/apis/x", "{"), Put("/apis/a b", "{}"), Put("/nothing/x", "{}"), Put("/gateways/managed", "{}"));

        Assert.Equal([(1, "id"), (2, "id"), (3, "properties.path")], result.Errors.Select(error => (error.Index!.Value, error.Target!)));
        Assert.Equal([1, 2, 3, 4], shapes.Errors.Select(error => error.Index!.Value));
        Assert.Null(await catalog.Properties("/apis/atomic-1"));
        Assert.Equal(version, (await catalog.Commit(Api("atomic"))).Version);
    }

    [Theory, StoreData]
    public async Task ChangeSet_ChildBeforeParent_IsCommittedAsOneVersion(string store)
    {
        var catalog = await clusters.Get(store);

        var receipt = await catalog.Commit(
            Policy("/apis/order/operations/o", "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"),
            Put("/apis/order/operations/o", """{"displayName":"O","method":"get","urlTemplate":"/{id}"}"""),
            Put("/products/order/apis/order", "{}"),
            Product("order"),
            Api("order"));

        Assert.All(receipt.Changes, change => Assert.Equal((ChangeOutcome.Created, receipt.Version), (change.Outcome, change.Resource!.Version)));
        Assert.Equal(["/apis/order/operations/o"], await catalog.List("/apis/order/operations"));
        Assert.Equal(["/apis/order/operations/o/policies/policy"], await catalog.List("/apis/order/operations/o/policies"));
    }

    [Theory, StoreData]
    public async Task Delete_Api_TakesChildrenAndLinksAlong(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Api("gone"),
            Api("gone-not"),
            Put("/apis/gone/operations/o", """{"displayName":"O","method":"get","urlTemplate":"/"}"""),
            Product("gone"),
            Put("/products/gone/apis/gone", "{}"),
            Put("/products/gone/apis/gone-not", "{}"),
            Put("/gateways/gone", "{}"),
            Put("/gateways/gone/apis/gone", "{}"));

        await catalog.Commit(Delete("/apis/gone"));

        Assert.Equal(["/products/gone/apis/gone-not"], await catalog.List("/products/gone/apis"));
        Assert.Empty(await catalog.List("/gateways/gone/apis"));
        Assert.DoesNotContain("/gateways/managed/apis/gone", await catalog.List("/gateways/managed/apis"));
        Assert.Equal(ErrorKind.ResourceNotFound, (await catalog.Reader.List(new ResourceQuery { Collection = "/apis/gone/operations" }, default)).Errors.Single().Code);
        Assert.Null(await catalog.Properties("/apis/gone/operations/o"));
        Assert.NotNull(await catalog.Properties("/apis/gone-not"));
    }

    [Theory, StoreData]
    public async Task Delete_ProductWithSubscription_IsRefusedUnlessItCascades(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Product("used"), Put("/subscriptions/used", """{"displayName":"S","scope":"/products/used"}"""));

        var refused = await catalog.Submit(Delete("/products/used"));
        await catalog.Commit(Delete("/products/used", cascade: true));

        Assert.Equal((ErrorKind.Conflict, "'/products/used' is still used by '/subscriptions/used'."), (refused.Errors.Single().Code, refused.Errors[0].Message));
        Assert.Null(await catalog.Properties("/subscriptions/used"));
    }

    [Theory, StoreData]
    public async Task ManagedGateway_NewApi_IsLinkedUntilUnassigned(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Api("linked"));
        var before = await catalog.List("/gateways/managed/apis");

        await catalog.Commit(Delete("/gateways/managed/apis/linked"));
        await catalog.Commit(Put("/apis/linked", """{"displayName":"still not linked","path":"linked"}"""));
        var unassigned = await catalog.List("/gateways/managed/apis");
        await catalog.Commit(Put("/gateways/managed/apis/linked", "{}"));

        Assert.Contains("/gateways/managed/apis/linked", before);
        Assert.DoesNotContain("/gateways/managed/apis/linked", unassigned);
        Assert.Contains("/gateways/managed/apis/linked", await catalog.List("/gateways/managed/apis"));
        Assert.DoesNotContain("/gateways/managed", await catalog.List("/gateways"));
    }

    [Theory, StoreData]
    public async Task UniqueNames_TakenOrSwapped_AreCheckedOnTheWholeSet(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Api("unique-1"),
            Api("unique-2"),
            Put("/apis/unique-1/operations/a", """{"displayName":"A","method":"GET","urlTemplate":"/x/{id}"}"""),
            Put("/subscriptions/unique-1", """{"displayName":"S","scope":"/apis","primaryKey":"unique-key"}"""));

        var operation = await catalog.Submit(Put("/apis/unique-1/operations/b", """{"displayName":"B","method":"get","urlTemplate":"/X/{other}"}"""));
        var key = await catalog.Submit(Put("/subscriptions/unique-2", """{"displayName":"S","scope":"/apis","secondaryKey":"unique-key"}"""));
        await catalog.Commit(Patch("/apis/unique-1", """{"path":"unique-2"}"""), Patch("/apis/unique-2", """{"path":"unique-1"}"""));
        var path = await catalog.Submit(Put("/apis/unique-3", """{"displayName":"x","path":"Unique-2"}"""));

        Assert.Equal("Operation with the same method and URL template already exists.", operation.Errors.Single().Message);
        Assert.Equal("properties.secondaryKey", key.Errors.Single().Target);
        Assert.Equal((ErrorKind.Conflict, "properties.path"), (path.Errors.Single().Code, path.Errors[0].Target));
    }

    [Theory, StoreData]
    public async Task PathOfAnother_OnHostsOfItsOwn_IsTakenTwice(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Put("/apis/host-0", """{"displayName":"x","path":"hosted"}"""),
            Put("/apis/host-1", """{"displayName":"x","path":"hosted","hostnames":["A.example","*.b.example"]}"""),
            Put("/apis/host-2", """{"displayName":"x","path":"hosted","hostnames":["c.b.example"]}"""));

        var taken = await catalog.Submit(Put("/apis/host-3", """{"displayName":"x","path":"Hosted","hostnames":["d.example","a.example","*.b.example"]}"""));
        await catalog.Commit(Patch("/apis/host-1", """{"hostnames":["*.b.example"]}"""));
        var free = await catalog.Submit(Put("/apis/host-3", """{"displayName":"x","path":"hosted","hostnames":["a.example"]}"""));

        Assert.Equal(
            ["Another API has the path 'Hosted' on the host 'a.example'.", "Another API has the path 'Hosted' on the host '*.b.example'."],
            taken.Errors.Select(error => error.Message));
        Assert.True(free.IsSuccess);
    }

    [Theory, StoreData]
    public async Task Subscription_KeysAndDate_AreMadeAndKept(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Put("/subscriptions/kept", """{"displayName":"S","scope":"/apis"}"""));
        var keys = await catalog.Secrets("/subscriptions/kept");

        await catalog.Commit(Put("/subscriptions/kept", """{"displayName":"Other","scope":"/apis"}"""));
        await catalog.Commit(Patch("/subscriptions/kept", """{"primaryKey":"mine"}"""));

        var properties = (await catalog.Properties("/subscriptions/kept"))!;
        Assert.Equal(["primaryKey", "secondaryKey"], keys.Select(pair => pair.Key).Order());
        Assert.Equal("2026-01-02T03:04:05.000Z", (string?)properties["createdDate"]);
        Assert.False(properties.ContainsKey("primaryKey"));
        Assert.Equal(("mine", (string?)keys["secondaryKey"]), ((string?)(await catalog.Secrets("/subscriptions/kept"))["primaryKey"], (string?)(await catalog.Secrets("/subscriptions/kept"))["secondaryKey"]));
    }

    [Theory, StoreData]
    public async Task NamedValue_SecretWithoutValue_KeepsItOrIsRefused(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(NamedValue("hidden", "value-1", secret: true));

        await catalog.Commit(Put("/namedValues/hidden", """{"displayName":"hidden","secret":true,"tags":["t"]}"""));
        var refused = await catalog.Submit(Put("/namedValues/hidden-new", """{"displayName":"hidden-new","secret":true}"""));

        Assert.False((await catalog.Properties("/namedValues/hidden"))!.ContainsKey("value"));
        Assert.Equal("value-1", (string?)(await catalog.Secrets("/namedValues/hidden"))["value"]);
        Assert.Equal("properties.value", refused.Errors.Single().Target);
    }

    [Theory, StoreData]
    public async Task Secrets_InTheStore_AreNowhereInPlain(string store)
    {
        var catalog = await clusters.Get(store);
        const string canary = "canary-7f3a91";
        await catalog.Commit(
            NamedValue("canary", canary, secret: true),
            Put("/subscriptions/canary", $$"""{"displayName":"S","scope":"/apis","primaryKey":"{{canary}}-1","secondaryKey":"{{canary}}-2"}"""),
            Put("/backends/canary", """{"url":"http://x","protocol":"http","credentials":{"header":{"x-key":["CANARY-3"]}}}""".Replace("CANARY", canary, StringComparison.Ordinal)));

        var dump = await catalog.Store.DumpAsync();

        Assert.NotEmpty(dump);
        Assert.All(dump, pair => Assert.False(pair.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0, pair.Key));
        Assert.Contains(dump, pair => pair.Value.AsSpan().IndexOf("\"displayName\":\"canary\""u8) >= 0);
        Assert.Equal($"{canary}-3", (string?)(await catalog.Properties("/backends/canary"))!["credentials"]!["header"]!["x-key"]![0]);
    }

    [Theory, StoreData]
    public async Task List_PartOfACollection_IsOrderedAndCounted(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit([Product("page"), .. Enumerable.Range(0, 25).SelectMany(i => (Change[])[Api($"page-{i:00}"), Put($"/products/page/apis/page-{i:00}", "{}")])]);

        var page = (await catalog.Reader.List(new ResourceQuery { Collection = "/products/page/apis", Skip = 20, Top = 3 }, default)).Value!;

        Assert.Equal(25, page.Total);
        Assert.Equal(["/products/page/apis/page-20", "/products/page/apis/page-21", "/products/page/apis/page-22"], page.Resources.Select(resource => resource.Id));
        Assert.Equal(ErrorKind.ResourceNotFound, (await catalog.Reader.List(new ResourceQuery { Collection = "/products/none/apis" }, default)).Errors.Single().Code);
        Assert.Equal(ErrorKind.ResourceNotFound, (await catalog.Reader.List(new ResourceQuery { Collection = "/none" }, default)).Errors.Single().Code);
    }
}
