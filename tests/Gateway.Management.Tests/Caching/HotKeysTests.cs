using System.Text.Json.Nodes;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Caching;

public sealed class HotKeysTests : ManagementFixture
{
    [Theory]
    [InlineData("/caches/internal/hotKeys", "internal", 20)]
    [InlineData("/caches/Internal/hotkeys?$top=7", "internal", 7)]
    [InlineData("/caches/redis/hotKeys", "redis", 20)]
    public async Task HotKeys_OfACache_AreThoseOfItsRegion(string path, string cache, int most)
    {
        await Server.SendAsync("PUT", "/caches/redis", """{"properties":{"connectionString":"r:1","useFromLocation":"default"}}""");
        Catalog.Caches.Hot = [new(5, "orders", "get", "/orders/1", 12.34, 6.17), new(6, null, null, "/x", 0, 0)];

        var reply = await Server.SendAsync("GET", path);

        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"value":[{"name":"00000000000000000000000000000005","properties":{"api":"orders","operation":"get","path":"/orders/1","requestsPerSecond":12.3,"hitRatio":0.5}},
                {"name":"00000000000000000000000000000006","properties":{"api":null,"operation":null,"path":"/x","requestsPerSecond":0,"hitRatio":0}}],"count":2}
                """),
            reply.Json), reply.Json?.ToJsonString());
        Assert.Equal((cache, most), Assert.Single(Catalog.Caches.Asked));
    }

    [Theory]
    [InlineData("GET", "/caches/none/hotKeys", 404)]
    [InlineData("GET", "/caches/internal/hotKeys?$top=101", 400)]
    [InlineData("POST", "/caches/internal/hotKeys", 405)]
    public async Task HotKeys_AskedWrongly_AreRefused(string method, string path, int status) =>
        Assert.Equal(status, (await Server.SendAsync(method, path, method == "POST" ? "{}" : null)).Status);
}
