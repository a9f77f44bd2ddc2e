using System.Text.Json.Nodes;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Results;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Quotas;

public sealed class QuotasTests : ManagementFixture
{
    private static readonly DateTimeOffset Start = new(2026, 8, 4, 4, 0, 0, TimeSpan.Zero);

    private static QuotaCount Calls { get; } = new() { Measure = QuotaMeasure.Calls, PeriodKey = "7_P1D", Start = Start, End = Start.AddDays(1), Used = 5 };

    private static QuotaCount Kilobytes { get; } = Calls with { Measure = QuotaMeasure.Bandwidth, Used = 300 };

    private static QuotaCount Endless { get; } = new() { Measure = QuotaMeasure.Calls, PeriodKey = "0_PT0S", Start = Start.AddYears(-1), Used = 9 };

    [Fact]
    public async Task Key_OfSeveralCounters_ListsThemByPeriod()
    {
        Catalog.Quotas.Add("managed", "ba", Calls, Kilobytes, Endless);

        var reply = await Server.SendAsync("GET", "/quotas/ba");

        var expected = JsonNode.Parse("""
            { "value": [
              { "counterKey": "ba", "periodKey": "0_PT0S", "periodStartTime": "2025-08-04T04:00:00Z", "periodEndTime": "9999-12-31T23:59:59Z", "value": { "callsCount": 9, "kbTransferred": 0 } },
              { "counterKey": "ba", "periodKey": "7_P1D", "periodStartTime": "2026-08-04T04:00:00Z", "periodEndTime": "2026-08-05T04:00:00Z", "value": { "callsCount": 5, "kbTransferred": 300 } }
            ], "count": 2 }
            """);
        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(expected, reply.Json), reply.Text);
    }

    [Theory]
    [InlineData("/quotas/subscription:s1;api:orders", "subscription:s1;api:orders")]
    [InlineData("/quotas/10.0.0.1", "10.0.0.1")]
    [InlineData("/quotas/a%20b%25", "a b%")]
    [InlineData("/quotas/-?counterKey=a%2Fb", "a/b")]
    [InlineData("/quotas/-", "-")]
    public async Task Key_OfAnyText_IsFound(string path, string key)
    {
        Catalog.Quotas.Add("managed", key, Calls);

        var reply = await Server.SendAsync("GET", path);

        Assert.Equal((200, key), (reply.Status, (string?)reply.Json["value"]![0]!["counterKey"]));
    }

    [Fact]
    public async Task Key_OfAnotherGateway_IsAskedWithItsId()
    {
        Catalog.Quotas.Add("site2", "ba", Calls);

        Assert.Equal(404, (await Server.SendAsync("GET", "/quotas/ba")).Status);
        Assert.Equal(200, (await Server.SendAsync("GET", "/quotas/ba?gatewayId=site2")).Status);
    }

    [Fact]
    public async Task Period_Current_IsOneCounter()
    {
        Catalog.Quotas.Add("managed", "ba", Calls, Kilobytes, Endless);

        var reply = await Server.SendAsync("GET", "/quotas/ba/periods/7_P1D");

        Assert.Equal((200, 5, 300), (reply.Status, (int)reply.Json["value"]!["callsCount"]!, (int)reply.Json["value"]!["kbTransferred"]!));
        Assert.Equal(404, (await Server.SendAsync("GET", "/quotas/ba/periods/6_P1D")).Status);
    }

    [Fact]
    public async Task Patch_OfAKey_SetsItsCounts()
    {
        Catalog.Quotas.Add("managed", "ba", Calls, Kilobytes);

        var reply = await Server.SendAsync("PATCH", "/quotas/ba", """{"properties":{"callsCount":0,"kbTransferred":2.5830078125}}""");

        Assert.Equal((200, 0, 3), (reply.Status, (int)reply.Json["value"]![0]!["value"]!["callsCount"]!, (int)reply.Json["value"]![0]!["value"]!["kbTransferred"]!));
        Assert.Equal(new QuotaChange { Key = "ba", Calls = 0, Kilobytes = 3 }, Catalog.Quotas.Changes.Single());
    }

    [Fact]
    public async Task Patch_OfAPeriod_SetsOnlyIt()
    {
        Catalog.Quotas.Add("managed", "ba", Calls, Endless);

        var reply = await Server.SendAsync("PATCH", "/quotas/ba/periods/7_P1D", """{"properties":{"callsCount":1}}""");

        Assert.Equal((200, 1), (reply.Status, (int)reply.Json["value"]!["callsCount"]!));
        Assert.Equal(new QuotaChange { Key = "ba", PeriodKey = "7_P1D", Calls = 1 }, Catalog.Quotas.Changes.Single());
    }

    [Theory]
    [InlineData("{}", "properties")]
    [InlineData("""{"properties":{}}""", "properties")]
    [InlineData("""{"properties":[]}""", "properties")]
    [InlineData("""{"properties":{"callsCount":-1}}""", "properties.callsCount")]
    [InlineData("""{"properties":{"callsCount":1.5}}""", "properties.callsCount")]
    [InlineData("""{"properties":{"callsCount":"5"}}""", "properties.callsCount")]
    [InlineData("""{"properties":{"callsCount":1e300}}""", "properties.callsCount")]
    [InlineData("""{"properties":{"kbTransferred":-0.1}}""", "properties.kbTransferred")]
    [InlineData("""{"properties":{"kbTransferred":9223372036854775808}}""", "properties.kbTransferred")]
    public async Task Patch_WithBadValues_IsRefused(string body, string target)
    {
        Catalog.Quotas.Add("managed", "ba", Calls);

        var reply = await Server.SendAsync("PATCH", "/quotas/ba", body);

        Assert.Equal((400, "ValidationError", target),
            (reply.Status, (string?)reply.Json["error"]!["code"], (string?)reply.Json["error"]!["details"]![0]!["target"]));
        Assert.Empty(Catalog.Quotas.Changes);
    }

    [Theory]
    [InlineData("GET", "/quotas/nobody", 404)]
    [InlineData("PATCH", "/quotas/nobody", 404)]
    [InlineData("DELETE", "/quotas/ba", 405)]
    [InlineData("PUT", "/quotas/ba/periods/7_P1D", 405)]
    [InlineData("GET", "/quotas", 404)]
    [InlineData("GET", "/quotas/ba/months/7", 404)]
    [InlineData("GET", "/quotas/a%2Fb", 400)]
    public async Task Call_ThatDoesNotFit_IsRefused(string method, string path, int status) =>
        Assert.Equal(status, (await Server.SendAsync(method, path, method == "PATCH" ? """{"properties":{"callsCount":1}}""" : null)).Status);

    [Fact]
    public async Task Store_Away_IsSaidSo()
    {
        Catalog.Quotas.Refusal = new GatewayError(ErrorKind.ServiceUnavailable, "away");

        Assert.Equal(503, (await Server.SendAsync("GET", "/quotas/ba")).Status);
    }
}
