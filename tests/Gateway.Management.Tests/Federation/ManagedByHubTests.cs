using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Federation;

/// <summary>The management API of a federated site.</summary>
public sealed class ManagedByHubTests : IAsyncLifetime
{
    private ManagementServer _site = null!;

    public async Task InitializeAsync() => _site = await ManagementServer.StartAsync(MemoryGrains.Create(new MemoryCatalog()), hub: "https://hub.example");

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("PUT", "/apis/orders", """{"properties":{"displayName":"Orders","path":"orders"}}""")]
    [InlineData("PATCH", "/apis/orders", "{}")]
    [InlineData("DELETE", "/apis/orders", null)]
    [InlineData("POST", "/changes", """{"changes":[]}""")]
    [InlineData("POST", "/subscriptions/s/regeneratePrimaryKey", null)]
    public async Task Write_IsRefusedWithTheAddressOfTheHub(string method, string path, string? body)
    {
        var refused = await _site.SendAsync(method, path, body, ifMatch: "*");

        Assert.Equal((409, "ManagedByHub"), (refused.Status, refused.Code));
        Assert.Contains("https://hub.example", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/apis")]
    [InlineData("/gateways/managed/nodes")]
    public async Task Read_Works(string path) => Assert.Equal(200, (await _site.SendAsync("GET", path)).Status);

    [Fact]
    public async Task QuotaPatch_IsTheSitesOwn() =>
        Assert.NotEqual(409, (await _site.SendAsync("PATCH", "/quotas/nobody", """{"properties":{"callsCount":0}}""")).Status);
}
