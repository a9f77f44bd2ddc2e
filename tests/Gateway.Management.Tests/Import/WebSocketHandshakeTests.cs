using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Import;

public sealed class WebSocketHandshakeTests : ManagementFixture
{
    private const string Api = """{"properties":{"displayName":"w","path":"w","type":"websocket","serviceUrl":"wss://backend.example"}}""";

    [Fact]
    public async Task WebSocketApi_HasItsHandshake()
    {
        var made = await Server.SendAsync("PUT", "/apis/w", Api);

        Assert.Equal(201, made.Status);
        var operation = (await Server.SendAsync("GET", "/apis/w/operations/onHandshake")).Json!["properties"]!;
        Assert.Equal(("onHandshake", "GET", "/"), ((string?)operation["displayName"], (string?)operation["method"], (string?)operation["urlTemplate"]));
        Assert.Equal(200, (await Server.SendAsync("PUT", "/apis/w", Api)).Status);
        Assert.Single((await Server.SendAsync("GET", "/apis/w/operations")).Json!["value"]!.AsArray());
    }

    [Fact]
    public async Task WebSocketApi_WithOperations_KeepsThem()
    {
        await Server.SendAsync("PUT", "/apis/w", Api.Replace("websocket", "http", StringComparison.Ordinal).Replace("wss", "https", StringComparison.Ordinal));
        await Server.SendAsync("PUT", "/apis/w/operations/connect", """{"properties":{"displayName":"c","method":"GET","urlTemplate":"/"}}""");

        Assert.Equal(200, (await Server.SendAsync("PUT", "/apis/w", Api)).Status);

        Assert.Equal("connect", (string?)Assert.Single((await Server.SendAsync("GET", "/apis/w/operations")).Json!["value"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task HttpApi_HasNone()
    {
        await Server.SendAsync("PUT", "/apis/w", Api.Replace("websocket", "http", StringComparison.Ordinal).Replace("wss", "https", StringComparison.Ordinal));

        Assert.Empty((await Server.SendAsync("GET", "/apis/w/operations")).Json!["value"]!.AsArray());
    }
}
