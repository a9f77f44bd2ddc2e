using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Requests;

/// <summary>What callers hear when the state store is gone.</summary>
public sealed class StoreDownTests
{
    private static readonly (string Method, string Path, string? Body)[] _requests =
    [
        ("GET", "/products/p", null),
        ("GET", "/products", null),
        ("PUT", "/products/p", """{"properties":{"displayName":"Q"}}"""),
        ("POST", "/subscriptions/s/listSecrets", null),
    ];

    [Fact]
    public async Task Request_WithoutTheStore_IsAnsweredAsUnavailable()
    {
        var cluster = new ManagementCluster();
        await cluster.InitializeAsync();
        try
        {
            await using var server = await ManagementServer.StartAsync(await cluster.EmptyAsync());
            Assert.Equal(201, (await server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P"}}""")).Status);

            await cluster.StopStoreAsync();
            var replies = await Task.WhenAll(_requests.Select(request => server.SendAsync(request.Method, request.Path, request.Body)));

            Assert.All(replies, reply =>
            {
                Assert.True((reply.Status, reply.Code) == (503, "ServiceUnavailable"), reply.ToString());
                Assert.NotNull(reply.Header("Retry-After"));
            });
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }
}
