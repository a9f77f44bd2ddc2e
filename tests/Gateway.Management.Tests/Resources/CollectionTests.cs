using System.Text.Json.Nodes;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Resources;

public class CollectionTests : ManagementFixture
{
    [Fact]
    public async Task List_OfNothing_IsEmpty()
    {
        var reply = await Server.SendAsync("GET", "/apis");

        Assert.Equal((200, """{"value":[],"count":0}"""), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task List_IsWalkedByItsNextLinks()
    {
        var changes = new JsonArray([.. Enumerable.Range(0, 25).Select(i => new JsonObject { ["op"] = "put", ["id"] = $"/products/p{i:D2}", ["properties"] = new JsonObject { ["displayName"] = "P" } })]);
        await Server.SendAsync("POST", "/changes", new JsonObject { ["changes"] = changes }.ToJsonString());

        var names = new List<string>();
        var link = ManagementServer.Service + "/products?api-version=2024-05-01&%24top=10&tag=a%26b";
        while (link is not null)
        {
            var page = await Server.SendRawAsync("GET", link);
            Assert.Equal(25, (int)page.Json["count"]!);
            names.AddRange(page.Json["value"]!.AsArray().Select(resource => (string)resource!["name"]!));
            link = (string?)page.Json["nextLink"];
            Assert.True(link is null || link.Contains("tag=a%26b", StringComparison.Ordinal));
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"p{i:D2}"), names);
    }

    [Fact]
    public async Task List_HoldsAHundredUnlessSaid()
    {
        var changes = new JsonArray([.. Enumerable.Range(0, 101).Select(i => new JsonObject { ["op"] = "put", ["id"] = $"/products/p{i:D3}", ["properties"] = new JsonObject { ["displayName"] = "P" } })]);
        await Server.SendAsync("POST", "/changes", new JsonObject { ["changes"] = changes }.ToJsonString());

        Assert.Equal(100, (await Server.SendAsync("GET", "/products")).Json["value"]!.AsArray().Count);
        Assert.Equal(101, (await Server.SendAsync("GET", "/products?$top=1000")).Json["value"]!.AsArray().Count);
        Assert.Equal("p100", (string?)(await Server.SendAsync("GET", "/products?$skip=100")).Json["value"]![0]!["name"]);
        Assert.Empty((await Server.SendAsync("GET", "/products?$skip=2147483647")).Json["value"]!.AsArray());
    }

    [Fact]
    public async Task Link_IsPutWithoutABody_ReadByHead_AndListedAsWhatItLinksTo()
    {
        await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""");
        await Server.SendAsync("PUT", "/apis/a", """{"properties":{"displayName":"Api A","path":"a"}}""");
        Assert.Equal(404, (await Server.SendAsync("HEAD", "/products/p/apis/a")).Status);

        var put = await Server.SendAsync("PUT", "/products/p/apis/a");
        var again = await Server.SendAsync("PUT", "/products/p/apis/a", "{}");
        var list = await Server.SendAsync("GET", "/products/p/apis");

        Assert.Equal((201, 200), (put.Status, again.Status));
        Assert.Equal("Api A", (string?)put.Json["properties"]!["displayName"]);
        Assert.Equal(204, (await Server.SendAsync("HEAD", "/products/p/apis/a")).Status);
        var shown = list.Json["value"]![0]!;
        Assert.Equal((ManagementServer.Service + "/products/p/apis/a", "a", "Api A"), ((string?)shown["id"], (string?)shown["name"], (string?)shown["properties"]!["displayName"]));
        Assert.Equal(200, (await Server.SendAsync("DELETE", "/products/p/apis/a", null, "*")).Status);
        Assert.Equal(404, (await Server.SendAsync("HEAD", "/products/p/apis/a")).Status);
    }

    [Fact]
    public async Task BuiltInGateway_TakesLinks()
    {
        await Server.SendAsync("PUT", "/apis/a", """{"properties":{"displayName":"A","path":"a"}}""");

        var put = await Server.SendAsync("PUT", "/gateways/managed/apis/a", """{"properties":{"provisioningState":"created"}}""");

        Assert.Contains(put.Status, (int[])[200, 201]);
        Assert.Null(put.Header("x-gateway-ignored"));
        Assert.Equal(1, (int)(await Server.SendAsync("GET", "/gateways/managed/apis")).Json["count"]!);
    }
}

/// <summary>The same on real grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class CollectionOnGrainsTests(ManagementCluster cluster) : CollectionTests
{
    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
