using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Caching;

public sealed class PurgeTests : ManagementFixture
{
    public static TheoryData<string, string, CacheScope> Scopes { get; } = new()
    {
        { "internal", "", CacheScope.All },
        { "INTERNAL", "{}", CacheScope.All },
        { "redis", "{}", CacheScope.All },
        { "internal", """{"api":"orders"}""", new(CacheScopeKind.Api, "orders") },
        { "internal", """{"api":"orders","operation":"get"}""", new(CacheScopeKind.Operation, "orders", "get") },
        { "internal", """{"tag":"t"}""", new(CacheScopeKind.Tag, "t") },
        { "internal", """{"key":"k"}""", new(CacheScopeKind.Key, "k") },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Purge_OfAScope_IsAskedOfTheRegion(string cache, string body, CacheScope scope)
    {
        await Server.SendAsync("PUT", "/caches/redis", """{"properties":{"connectionString":"r:1","useFromLocation":"default"}}""");

        var reply = await Server.SendAsync("POST", $"/caches/{cache}/purge", body);

        Assert.Equal(204, reply.Status);
        Assert.Equal((cache.ToLowerInvariant(), scope), Assert.Single(Catalog.Caches.Purged));
    }

    [Theory]
    [InlineData("""{"api":"a","tag":"t"}""")]
    [InlineData("""{"operation":"o"}""")]
    [InlineData("""{"api":5}""")]
    [InlineData("""{"key":""}""")]
    [InlineData("""{"apis":"a"}""")]
    [InlineData("""[]""")]
    public async Task Purge_OfNoScope_IsRefused(string body)
    {
        var reply = await Server.SendAsync("POST", "/caches/internal/purge", body);

        Assert.Equal(400, reply.Status);
        Assert.Empty(Catalog.Caches.Purged);
    }

    [Fact]
    public async Task Purge_OfAnUnknownCache_Is404_AndOfAnotherMethod405()
    {
        Assert.Equal(404, (await Server.SendAsync("POST", "/caches/none/purge", "{}")).Status);
        Assert.Equal(405, (await Server.SendAsync("GET", "/caches/internal/purge")).Status);
    }

    [Fact]
    public async Task Purge_ThatCannotBeRemembered_SaysSo()
    {
        Catalog.Caches.Refusal = new GatewayError(ErrorKind.ServiceUnavailable, "The state store cannot be reached.");

        Assert.Equal(503, (await Server.SendAsync("POST", "/caches/internal/purge", "{}")).Status);
    }
}
