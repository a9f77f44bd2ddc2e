using System.Text.Json.Nodes;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Publications;

public sealed class PublicationsTests : ManagementFixture
{
    private static readonly DateTimeOffset _made = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task List_NamesThoseThatAreKept_AndWhoRunsThem()
    {
        Catalog.Publications.Kept.Add(new PublicationSummary { Id = new("L", 3), CatalogVersion = 8, CreatedAt = _made, Parts = 2, Bytes = 300, RollbackOf = 1 });
        Catalog.Publications.Answer = new(new("L", 3), _made, 8, [Feed("e1", 3), Feed("e2", 2)]);

        var reply = await Server.SendAsync("GET", "/gateways/managed/publications");

        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"value":[{"lineage":"L","number":3,"catalogVersion":8,"createdAt":"2026-01-02T03:04:05+00:00","parts":2,"bytes":300,"rollbackOf":1,"nodes":["e1"]}],"count":1}
            """), reply.Json), reply.Text);
    }

    [Fact]
    public async Task Diff_NamesWhatWasAddedChangedAndRemoved()
    {
        Catalog.Publications.Contents[2] = [Api("a", "1"), Api("b", "1"), Api("c", "1")];
        Catalog.Publications.Contents[3] = [Api("a", "1"), Api("b", "2"), Api("d", "1")];

        var reply = await Server.SendAsync("GET", "/gateways/managed/publications/3/diff");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"from":2,"to":3,"changes":[
              {"kind":"api","id":"b","change":"changed","bytes":10},{"kind":"api","id":"d","change":"added","bytes":10},{"kind":"api","id":"c","change":"removed","bytes":10}]}
            """), reply.Json), reply.Text);
    }

    [Theory]
    [InlineData("GET", "/gateways/none/publications", 404)]
    [InlineData("GET", "/gateways/managed/publications/7", 404)]
    [InlineData("GET", "/gateways/managed/publications/x", 400)]
    [InlineData("GET", "/gateways/managed/publications/-1", 400)]
    [InlineData("GET", "/gateways/managed/publications/3/diff?from=x", 400)]
    [InlineData("GET", "/gateways/managed/publications/3/other", 404)]
    [InlineData("GET", "/gateways/managed/publications/3/rollback", 405)]
    [InlineData("POST", "/gateways/managed/publications/7/rollback", 404)]
    [InlineData("POST", "/gateways/managed/publications/x/rollback", 400)]
    [InlineData("DELETE", "/gateways/managed/publications/3", 405)]
    public async Task Call_ThatMeansNothing_IsRefused(string method, string path, int status)
    {
        Catalog.Publications.Contents[3] = [];

        Assert.Equal(status, (await Server.SendAsync(method, path)).Status);
    }

    [Fact]
    public async Task Rollback_SaysUnderWhichNumber()
    {
        Catalog.Publications.Contents[3] = [];

        var reply = await Server.SendAsync("POST", "/gateways/managed/publications/3/rollback");

        Assert.Equal((200, """{"lineage":"L","number":9,"rollbackOf":3}"""), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Node_ThatRunsAnOlderOne_LagsSinceTheNewerOneWasMade()
    {
        Catalog.Publications.Answer = new(new("L", 3), TimeProvider.System.GetUtcNow().AddSeconds(-5), 8, []);
        Catalog.Status.Add(Edge("e1", 2));

        var reply = await Server.SendAsync("GET", "/gateways/managed/nodes");

        Assert.InRange(reply.Json!["value"]![0]!["properties"]!["publication"]!["lagSeconds"]!.GetValue<double>(), 5, 300);
    }

    [Fact]
    public async Task Write_ThatPrefersToWait_IsAnsweredWhenEveryReadyEdgeRunsIt()
    {
        Catalog.Status.AddRange([Edge("e1", 1), Edge("e2", 1), Edge("left", 1) with { Report = Edge("left", 1).Report with { State = NodeState.Gone } }]);
        Catalog.Publications.Answer = new(new("L", 1), _made, 0, [Feed("e1", 1), Feed("e2", 1)]);
        Catalog.Publications.BeforeStanding = asked => Catalog.Publications.Answer = asked switch
        {
            1 => Catalog.Publications.Answer,
            2 => new(new("L", 2), _made, 1, [Feed("e1", 2), Feed("e2", 1)]),
            _ => new(new("L", 2), _made, 1, [Feed("e1", 2), Feed("e2", 2)]),
        };

        var reply = await PutAsync("respond-async, wait=10");

        Assert.Equal((201, "wait=10"), (reply.Status, reply.Header("Preference-Applied")));
        Assert.Equal(3, Catalog.Publications.Asked);
    }

    [Fact]
    public async Task Write_ThatWaitsInVain_IsAnsweredWithoutSayingThatItArrived()
    {
        Catalog.Status.Add(Edge("e1", 1));
        Catalog.Publications.Answer = new(new("L", 2), _made, 1, [Feed("e1", 1)]);

        var reply = await PutAsync("wait=1");

        Assert.Equal((201, null), (reply.Status, reply.Header("Preference-Applied")));
    }

    [Theory]
    [InlineData("wait=x")]
    [InlineData("wait=-1")]
    [InlineData("return=minimal")]
    public async Task Preference_ThatIsNone_IsIgnored(string prefer)
    {
        var reply = await PutAsync(prefer);

        Assert.Equal((201, 0), (reply.Status, Catalog.Publications.Asked));
    }

    private async Task<ManagementReply> PutAsync(string prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{ManagementServer.Service}/products/p?api-version=2024-05-01")
        {
            Content = new StringContent("""{"properties":{"displayName":"p"}}"""),
        };
        request.Headers.TryAddWithoutValidation("Prefer", prefer);
        return await Server.SendAsync(request);
    }

    private static PublicationPart Api(string id, string name) => new(ChunkKind.Api, id, name, 10);

    private static FeedStatus Feed(string node, long number) => new(new FeedPosition { Node = node, Running = new("L", number) }, _made);

    private static NodeStatus Edge(string name, long number) => new(
        new NodeReport { Name = name, Role = NodeRole.Edge, Gateway = "managed", Version = "1", State = NodeState.Ready, StartedAt = _made, Publication = new("L", number) }, _made);
}
