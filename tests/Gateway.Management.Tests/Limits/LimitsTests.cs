using System.Text.Json.Nodes;
using Gateway.Contracts.Counters;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Limits;

public sealed class LimitsTests : ManagementFixture
{
    private static readonly Guid Life = new("11111111-2222-3333-4444-555555555555");
    private static readonly DateTimeOffset Start = new(2026, 8, 4, 4, 0, 0, TimeSpan.Zero);

    private static LimitView Rate { get; } = new()
    {
        Counter = new CounterId(1, 258),
        Definition = new CounterDefinition { Limit = 100, PeriodMilliseconds = 60_000 },
        Used = 70,
        Lent = 20,
        Holders = [new LimitHolder { Edge = Life, Node = "edge-1", Held = 20, Spent = 70 }],
        HolderCount = 3,
        Silo = "silo-1",
        Mode = LendingMode.Fenced,
        Title = new CounterTitle(new CounterId(1, 258), "rate-limit-by-key", "managed", "10.0.0.1"),
        Bound = 0,
    };

    private static LimitView Quota { get; } = Rate with
    {
        Counter = new CounterId(0, 3),
        Definition = new CounterDefinition { Limit = 1000, PeriodMilliseconds = 0, Quota = new QuotaPeriod(86_400, Start) },
        Used = 990,
        Holders = [new LimitHolder { Edge = Life, Held = 20 }],
        HolderCount = 1,
        Mode = LendingMode.Unfenced,
        Title = null,
        Start = Start,
        End = Start.AddDays(1),
        Bound = null,
        StoreLoss = 50,
    };

    private static LimitsReport Report { get; } = new()
    {
        Limits = [Rate, Quota],
        Count = 7,
        Silos = [new SiloLimits { Name = "silo-1", Mode = LendingMode.Fenced, Partitions = 128, Lending = 127, Counters = 7, Stranded = 5 }],
        SilentSilos = ["silo-2"],
        Edges = [new EdgeLimits { Life = Life, Node = "edge-1", Mode = "strict", Waiting = 2, Bound = 0, Titles = [] }],
        SilentEdges = [new SilentEdge(Life, null)],
        Store = new StoreDurability { AppendOnly = true, AppendFsync = "everysec" },
    };

    [Fact]
    public async Task Limits_OfASite_AreListedWithWhatHoldsForAll()
    {
        Catalog.Limits = Report;

        var reply = await Server.SendAsync("GET", "/limits");

        var expected = JsonNode.Parse("""
            { "value": [
              { "name": "00000000000000010000000000000102", "properties": { "kind": "rate-limit-by-key", "key": "10.0.0.1", "gateway": "managed",
                "limit": 100, "periodSeconds": 60, "used": 70, "lent": 20, "remaining": 10,
                "holders": [ { "name": "edge-1", "life": "11111111-2222-3333-4444-555555555555", "held": 20, "spent": 70 } ], "holderCount": 3,
                "partition": 2, "silo": "silo-1", "mode": "fenced", "overAdmitBound": 0, "overAdmitOnStoreLoss": 0 } },
              { "name": "00000000000000000000000000000003", "properties": { "kind": "quota", "key": null, "gateway": null,
                "limit": 1000, "periodSeconds": 86400, "periodStartTime": "2026-08-04T04:00:00+00:00", "periodEndTime": "2026-08-05T04:00:00+00:00", "used": 990, "lent": 20, "remaining": 0,
                "holders": [ { "name": null, "life": "11111111-2222-3333-4444-555555555555", "held": 20, "spent": null } ], "holderCount": 1,
                "partition": 3, "silo": "silo-1", "mode": "unfenced", "overAdmitBound": null, "overAdmitOnStoreLoss": 50 } }
            ], "count": 7, "site": {
              "silos": [ { "name": "silo-1", "mode": "fenced", "partitions": 128, "lendingPartitions": 127, "counters": 7, "strandedTokens": 5 } ],
              "silentSilos": [ "silo-2" ],
              "edges": [ { "name": "edge-1", "life": "11111111-2222-3333-4444-555555555555", "mode": "strict", "waiting": 2, "overAdmitBound": 0 } ],
              "silentEdges": [ { "name": null, "life": "11111111-2222-3333-4444-555555555555" } ],
              "store": { "appendOnly": true, "appendFsync": "everysec", "durable": false } } }
            """);
        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(expected, reply.Json), reply.Text);
    }

    [Fact]
    public async Task Limits_WithTop_AreThatMany()
    {
        Catalog.Limits = Report;

        Assert.Single((JsonArray)(await Server.SendAsync("GET", "/limits?$top=1")).Json["value"]!);
    }

    [Theory]
    [InlineData("GET", "/limits?$top=0", 400)]
    [InlineData("GET", "/limits?$top=1001", 400)]
    [InlineData("GET", "/limits?$top=x", 400)]
    [InlineData("PUT", "/limits", 405)]
    [InlineData("GET", "/limits/x", 404)]
    public async Task Call_ThatDoesNotFit_IsRefused(string method, string path, int status) =>
        Assert.Equal(status, (await Server.SendAsync(method, path)).Status);
}
