using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Changes;

public class ChangeSetTests : ManagementFixture
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData("{}", 0)]
    [InlineData("""{"changes":[{"op":"put","id":"/policies/policy","properties":{"value":"<policies />"}}]}""", 1)]
    public async Task ValidatePolicies_AnyBody_WritesNothing(string? body, int changes)
    {
        var reply = await Server.SendAsync("POST", "/validatePolicies", body);

        Assert.Equal(200, reply.Status);
        Assert.Equal(changes, reply.Json["changes"]!.AsArray().Count);
        Assert.Equal(404, (await Server.SendAsync("GET", "/policies/policy")).Status);
    }

    [Fact]
    public async Task ValidatePolicies_WrongBody_IsRefused()
    {
        Assert.Equal(400, (await Server.SendAsync("POST", "/validatePolicies", """{"policies":[]}""")).Status);
        Assert.Equal(405, (await Server.SendAsync("GET", "/validatePolicies")).Status);
    }

    [Fact]
    public async Task ChangeSet_IsOneVersion_AndAnswersForEachChange()
    {
        await Server.SendAsync("PUT", "/products/old", """{"properties":{"displayName":"Old"}}""");

        var reply = await Server.SendAsync("POST", "/changes", """
            { "changes": [
              { "op": "put", "id": "/apis/orders", "properties": { "displayName": "Orders", "path": "orders" } },
              { "op": "PUT", "id": "/APIS/orders/operations/get", "properties": { "displayName": "Get", "method": "GET", "urlTemplate": "/{id}" } },
              { "op": "patch", "id": "/products/old", "properties": { "description": "D" } },
              { "op": "delete", "id": "/products/none" }
            ] }
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal((long)reply.Json["version"]!, Convert.ToInt64((string?)reply.Json["changes"]![0]!["etag"], 16));
        Assert.Equal((string?)reply.Json["changes"]![0]!["etag"], (string?)reply.Json["changes"]![2]!["etag"]);
        Assert.Equal(
            [("/apis/orders", "created"), ("/apis/orders/operations/get", "created"), ("/products/old", "updated"), ("/products/none", "absent")],
            reply.Json["changes"]!.AsArray().Select(change => ((string)change!["id"]!, (string)change["outcome"]!)));
        Assert.Equal($"\"{(string?)reply.Json["changes"]![0]!["etag"]}\"", (await Server.SendAsync("GET", "/apis/orders")).ETag);
        Assert.Null(reply.Json["changes"]![3]!["etag"]);
    }

    [Fact]
    public async Task ChangeSet_WithErrors_ListsAllAndCommitsNothing()
    {
        var reply = await Server.SendAsync("POST", "/changes", """
            { "changes": [
              { "op": "put", "id": "/products/p", "properties": { "displayName": "P" } },
              { "op": "put", "id": "/products/q", "properties": { "displayName": 1, "state": "x" } },
              { "op": "put", "id": "/apis/a", "properties": { "path": "a" } }
            ] }
            """);

        Assert.Equal((400, "ValidationError"), (reply.Status, reply.Code));
        Assert.Equal(
            ["changes[1].properties.displayName", "changes[1].properties.state", "changes[2].properties.displayName"],
            reply.Details.Select(detail => (string?)detail["target"]));
        Assert.Equal(404, (await Server.SendAsync("GET", "/products/p")).Status);
    }

    [Fact]
    public async Task ChangeSet_RefusedByTheCatalog_NamesTheChange()
    {
        var reply = await Server.SendAsync("POST", "/changes", """
            { "changes": [
              { "op": "put", "id": "/products/p", "properties": { "displayName": "P" } },
              { "op": "put", "id": "/subscriptions/s", "properties": { "displayName": "S", "scope": "/products/none" } }
            ] }
            """);

        Assert.Equal((400, "changes[1].properties.scope"), (reply.Status, (string?)reply.Details[0]["target"]));
        Assert.Equal(404, (await Server.SendAsync("GET", "/products/p")).Status);
    }

    [Fact]
    public async Task ChangeSet_WithAStaleETag_IsRefusedWhole()
    {
        await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""");

        var reply = await Server.SendAsync("POST", "/changes", """
            { "changes": [
              { "op": "put", "id": "/products/q", "properties": { "displayName": "Q" } },
              { "op": "put", "id": "/products/p", "ifMatch": "\"stale\"", "properties": { "displayName": "P2" } }
            ] }
            """);

        Assert.Equal((412, "PreconditionFailed", "changes[1].If-Match"), (reply.Status, reply.Code, (string?)reply.Details[0]["target"]));
        Assert.Equal(404, (await Server.SendAsync("GET", "/products/q")).Status);
    }

    [Fact]
    public async Task ChangeSet_NamesIgnoredPropertiesByTheirChange()
    {
        var reply = await Server.SendAsync("POST", "/changes", """
            { "comment": "x", "changes": [
              { "op": "delete", "id": "/products/none", "when": "now" },
              { "op": "put", "id": "/products/q", "properties": { "displayName": "Q", "colour": 1 } }
            ] }
            """);

        Assert.Equal((200, "comment, changes[0].when, changes[1].colour"), (reply.Status, reply.Header("x-gateway-ignored")));
    }

    [Fact]
    public async Task ChangeSet_TakesFullArmIds()
    {
        var reply = await Server.SendAsync("POST", "/changes", $$$"""{"changes":[{"op":"put","id":"{{{ManagementServer.Service}}}/products/q","properties":{"displayName":"Q"}}]}""");

        Assert.Equal((200, "/products/q"), (reply.Status, (string?)reply.Json["changes"]![0]!["id"]));
    }
}

/// <summary>The same on real grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class ChangeSetOnGrainsTests(ManagementCluster cluster) : ChangeSetTests
{
    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
