using System.Text.Json.Nodes;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Nodes;

public sealed class NodesTests : ManagementFixture
{
    [Fact]
    public async Task Nodes_OfTheBuiltInGateway_AreListedByName()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Catalog.Status.Add(new NodeStatus(
            new NodeReport
            {
                Name = "z-edge", Role = NodeRole.Edge, Gateway = "managed", Version = "0.1.0", State = NodeState.Ready, StartedAt = start,
                Publication = new PublicationId("L", 7), PublicationSince = start.AddSeconds(2), Rejected = new PublicationId("L", 8), RejectedBecause = "too large", Requests = 10, Errors = 2, Labels = new() { ["zone"] = "a" }, Remarks = ["No cache."],
            },
            start.AddMinutes(1)));
        Catalog.Status.Add(new NodeStatus(
            new NodeReport { Name = "a-silo", Role = NodeRole.Silo, Gateway = "managed", Version = "0.1.0", State = NodeState.Stale, StartedAt = start },
            start.AddMinutes(2)));

        var reply = await Server.SendAsync("GET", "/gateways/managed/nodes");

        var expected = JsonNode.Parse("""
            { "value": [
              { "name": "a-silo", "properties": { "role": "silo", "version": "0.1.0", "state": "stale", "publication": null,
                "lastSeen": "2026-01-02T03:06:05+00:00", "startedAt": "2026-01-02T03:04:05+00:00", "gateway": "managed", "requests": 0, "errors": 0, "labels": {}, "remarks": [] } },
              { "name": "z-edge", "properties": { "role": "edge", "version": "0.1.0", "state": "ready", "publication": { "lineage": "L", "number": 7, "since": "2026-01-02T03:04:07+00:00", "lagSeconds": 0 },
                "rejected": { "lineage": "L", "number": 8, "reason": "too large" }, "lastSeen": "2026-01-02T03:05:05+00:00", "startedAt": "2026-01-02T03:04:05+00:00", "gateway": "managed", "requests": 10, "errors": 2, "labels": { "zone": "a" }, "remarks": [ "No cache." ] } }
            ], "count": 2 }
            """);
        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(expected, reply.Json), reply.Text);
    }

    [Fact]
    public async Task Nodes_OfAGatewayOfTheCatalog_AreListed()
    {
        await Server.SendAsync("PUT", "/gateways/site2", """{"properties":{}}""");

        var reply = await Server.SendAsync("GET", "/gateways/site2/nodes");

        Assert.Equal((200, """{"value":[],"count":0}"""), (reply.Status, reply.Text));
    }
}
