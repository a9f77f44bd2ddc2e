using System.Text.Json.Nodes;
using Gateway.Contracts.Rollouts;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Rollouts;

public sealed class RolloutTests : ManagementFixture
{
    private const string Path = "/gateways/managed/rollout";

    [Fact]
    public async Task Rule_IsSetShownAndTakenAway()
    {
        Assert.Equal(404, (await Server.SendAsync("GET", Path)).Status);

        var set = await Server.SendAsync("PUT", Path, """{"properties":{"label":"ring","value":"canary","maximumErrorRate":0.05,"watch":"PT5M"}}""");

        Assert.Equal(200, set.Status);
        Assert.Equal(
            new RolloutRule { Label = "ring", Value = "canary", MaximumErrorRate = 0.05, Watch = TimeSpan.FromMinutes(5), MinimumRequests = 20 }, Catalog.Publications.Rolling.Rule);
        Catalog.Publications.Rolling = Catalog.Publications.Rolling with
        {
            Promoted = new("L", 3), Staged = new("L", 4), Nodes = ["e1"], Requests = 10, Errors = 1, TakenBack = "Publication L/2 was taken back.",
        };
        var shown = await Server.SendAsync("GET", Path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"properties":{"label":"ring","value":"canary","maximumErrorRate":0.05,"watch":"PT5M","minimumRequests":20,"promoted":{"lineage":"L","number":3},
             "staged":{"lineage":"L","number":4},"nodes":["e1"],"requests":10,"errors":1,"takenBack":"Publication L/2 was taken back."}}
            """), shown.Json), shown.Text);

        Assert.Equal(200, (await Server.SendAsync("POST", $"{Path}/promote")).Status);
        Assert.Null(Catalog.Publications.Rolling.Staged);
        Assert.Equal(204, (await Server.SendAsync("DELETE", Path)).Status);
        Assert.Equal(404, (await Server.SendAsync("GET", Path)).Status);
    }

    [Theory]
    [InlineData("{}", "properties")]
    [InlineData("""{"properties":{}}""", "properties.label,properties.value,properties.maximumErrorRate,properties.watch")]
    [InlineData("""{"properties":{"label":"","value":1,"maximumErrorRate":1.5,"watch":"5m","minimumRequests":0}}""", "properties.label,properties.value,properties.maximumErrorRate,properties.watch,properties.minimumRequests")]
    [InlineData("""{"properties":{"label":"r","value":"c","maximumErrorRate":0,"watch":"P2D","minimumRequests":1.5}}""", "properties.watch,properties.minimumRequests")]
    public async Task Rule_ThatIsNone_IsRefusedWithEverythingThatIsWrong(string body, string targets)
    {
        var reply = await Server.SendAsync("PUT", Path, body);

        Assert.Equal(400, reply.Status);
        var error = reply.Json!["error"]!;
        var details = error["details"] is JsonArray { Count: > 0 } all ? all.Select(detail => (string)detail!["target"]!) : [(string)error["target"]!];
        Assert.Equal(targets.Split(','), details.ToHashSet().Order(StringComparer.Ordinal).OrderBy(target => targets.IndexOf(target, StringComparison.Ordinal)));
        Assert.Null(Catalog.Publications.Rolling.Rule);
    }

    [Theory]
    [InlineData("GET", "/gateways/none/rollout", 404)]
    [InlineData("POST", "/gateways/managed/rollout/promote", 404)]
    [InlineData("POST", "/gateways/managed/rollout/other", 404)]
    [InlineData("PATCH", "/gateways/managed/rollout", 405)]
    [InlineData("GET", "/gateways/managed/rollout/promote", 405)]
    public async Task Call_ThatMeansNothing_IsRefused(string method, string path, int status) => Assert.Equal(status, (await Server.SendAsync(method, path)).Status);
}
