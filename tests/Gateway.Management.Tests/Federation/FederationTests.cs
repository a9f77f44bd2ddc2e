using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Federation;

/// <summary>What a hub serves to sites, and to whom.</summary>
public sealed class FederationTests : IAsyncLifetime
{
    private const string Key = "the-primary-key-of-a-gateway-with-32-characters";
    private const string Other = "the-other-key-of-a-gateway-with-32-characters";
    private const string Site = "/federation/v1/gateways/berlin";

    private readonly MemoryCatalog _catalog = new();
    private readonly PublicationId _published = new("0123", 7);
    private ManagementServer _hub = null!;

    public async Task InitializeAsync()
    {
        _hub = await ManagementServer.StartAsync(MemoryGrains.Create(_catalog), isHttps: true);
        await PutGatewayAsync(Key);
        using var signer = ManifestSigner.Create();
        _catalog.Federation.Published = _published;
        _catalog.Federation.Signed = signer.Sign(new Manifest
        {
            Lineage = _published.Lineage, Number = _published.Number, Gateway = "berlin", CatalogVersion = 1, CreatedAt = DateTimeOffset.UnixEpoch,
            Chunks = [new(ChunkKind.Service, ChunkReference.ServiceId, new string('a', 43), 100)],
        });
    }

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Manifest_WithAToken_IsGivenWithItsTag()
    {
        var (response, body) = await GetAsync("/manifest", Token());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal($"\"{_published}\"", response.Headers.ETag!.Tag);
        Assert.Equal(_catalog.Federation.Signed!.Payload, SignedManifestFormat.Read(body)!.Payload);
    }

    [Theory]
    [InlineData("/manifest")]
    [InlineData("/manifest?wait=1")]
    public async Task Manifest_ThatTheSiteHas_IsNotSentAgain(string path)
    {
        var (response, body) = await GetAsync(path, Token(), $"\"{_published}\"");

        Assert.Equal(304, (int)response.StatusCode);
        Assert.Empty(body);
    }

    [Fact]
    public async Task Manifest_BeforeTheFirst_IsUnavailable()
    {
        (_catalog.Federation.Signed, _catalog.Federation.Published) = (null, null);

        var (response, _) = await GetAsync("/manifest", Token());

        Assert.Equal(503, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Token_WhoseKeyWasReplacedDuringTheWait_GetsNothing()
    {
        _catalog.Federation.Meanwhile = () => PutGatewayAsync(Other);

        var (response, body) = await GetAsync("/manifest?wait=1", Token());

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("GatewayTokenRefused", Code(body));
    }

    [Theory]
    [InlineData("/manifest?wait=-1")]
    [InlineData("/manifest?wait=31")]
    [InlineData("/manifest?wait=soon")]
    public async Task Wait_OutOfBounds_IsRefused(string path) => Assert.Equal(400, (int)(await GetAsync(path, Token())).Response.StatusCode);

    [Fact]
    public async Task Chunk_ByName_IsGivenCompressed()
    {
        var name = new string('b', 43);
        _catalog.Federation.Chunks[name] = [1, 2, 3];

        var (response, body) = await GetAsync("/chunks/" + name, Token());

        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.Equal([1, 2, 3], body);
        Assert.Equal(404, (int)(await GetAsync("/chunks/" + new string('c', 43), Token())).Response.StatusCode);
        Assert.Equal(404, (int)(await GetAsync("/chunks/short", Token())).Response.StatusCode);
    }

    [Fact]
    public async Task Heartbeat_IsTakenForTheGatewayOfTheToken()
    {
        var heartbeat = new SiteHeartbeat
        {
            Publication = _published,
            Nodes = [new NodeReport { Name = "edge-1", Role = NodeRole.Edge, Gateway = "else", Version = "1", State = NodeState.Ready, StartedAt = DateTimeOffset.UnixEpoch, Remarks = [new string('x', 5000)] }],
            SilentSeconds = [1.5],
        };

        var response = await SendAsync(HttpMethod.Post, "/heartbeat", Token(), body: JsonSerializer.SerializeToUtf8Bytes(heartbeat, FederationJson.Default.SiteHeartbeat));

        Assert.Equal(204, (int)response.Response.StatusCode);
        var (gateway, taken) = Assert.Single(_catalog.Federation.Heartbeats);
        Assert.Equal("berlin", gateway);
        Assert.Equal("edge-1", Assert.Single(taken.Nodes).Name);
        Assert.Equal(1000, taken.Nodes[0].Remarks[0].Length);
        Assert.Equal([1.5], taken.SilentSeconds);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"nodes\":null}")]
    [InlineData("{\"nodes\":[null]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\",\"role\":\"edge\",\"gateway\":\"g\",\"version\":\"1\",\"state\":\"ready\",\"startedAt\":\"2026-01-01T00:00:00Z\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\",\"role\":7,\"gateway\":\"g\",\"version\":\"1\",\"state\":\"ready\",\"startedAt\":\"2026-01-01T00:00:00Z\"}]}")]
    public async Task Heartbeat_OfAnythingElse_IsRefused(string body)
    {
        var (response, _) = await SendAsync(HttpMethod.Post, "/heartbeat", Token(), body: Encoding.UTF8.GetBytes(body));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(_catalog.Federation.Heartbeats);
    }

    [Fact]
    public async Task Events_ThatASiteTells_AreShownByItsGateway()
    {
        var told = new SiteEvents([new SiteEvent(2, SiteEventKind.Fault, "The hub was away."), new SiteEvent(1, SiteEventKind.Recovered, new string('x', 5000))]);

        var (response, _) = await SendAsync(HttpMethod.Post, "/events", Token(), body: JsonSerializer.SerializeToUtf8Bytes(told, FederationJson.Default.SiteEvents));
        var shown = await _hub.SendAsync("GET", "/gateways/berlin/events");

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(2, (int)shown.Json["count"]!);
        Assert.Equal("fault", (string?)shown.Json["value"]![0]!["kind"]);
        Assert.Equal(1000, ((string)shown.Json["value"]![1]!["text"]!).Length);
        Assert.Equal(404, (await _hub.SendAsync("GET", "/gateways/nowhere/events")).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"events\":[null]}")]
    [InlineData("{\"events\":[{\"secondsAgo\":1,\"kind\":9,\"text\":\"a\"}]}")]
    [InlineData("{\"events\":[{\"secondsAgo\":1,\"kind\":\"fault\"}]}")]
    public async Task Events_OfAnythingElse_AreRefused(string body) =>
        Assert.Equal(400, (int)(await SendAsync(HttpMethod.Post, "/events", Token(), body: Encoding.UTF8.GetBytes(body))).Response.StatusCode);

    [Fact]
    public async Task AdminToken_DoesNotOpenTheFederation()
    {
        var (response, body) = await SendAsync(HttpMethod.Get, "/manifest", new AuthenticationHeaderValue("Bearer", ManagementServer.Token));

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("GatewayTokenRefused", Code(body));
    }

    [Fact]
    public async Task GatewayToken_OpensNothingElse()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ManagementServer.Service + "/apis?api-version=2024-05-01");
        request.Headers.Authorization = Token();

        Assert.Equal(401, (await _hub.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("hamburg", 1, "GatewayTokenRefused")]
    [InlineData("berlin", -1, "GatewayTokenExpired")]
    [InlineData("berlin", 40, "GatewayTokenRefused")]
    public async Task Token_OfAnotherGatewayOrTime_IsRefused(string gateway, int days, string code)
    {
        var (response, body) = await GetAsync("/manifest", Token(gateway, days));

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(code, Code(body));
    }

    [Fact]
    public async Task Token_OfAnotherKey_IsRefused()
    {
        await PutGatewayAsync(Other);

        var (response, body) = await GetAsync("/manifest", Token());

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("GatewayKey", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("GatewayTokenRefused", Code(body));
    }

    [Fact]
    public async Task PlainHttp_IsRefused()
    {
        await using var plain = await ManagementServer.StartAsync(MemoryGrains.Create(_catalog));
        using var request = new HttpRequestMessage(HttpMethod.Get, Site + "/manifest");
        request.Headers.Authorization = Token();

        var refused = await plain.SendAsync(request);

        Assert.Equal((403, "HttpsRequired"), (refused.Status, refused.Code));
    }

    private static string Code(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString()!;

    private static AuthenticationHeaderValue Token(string gateway = "berlin", int days = 1) =>
        new(GatewayToken.Scheme, GatewayToken.Issue(gateway, Key, TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(days)));

    private async Task PutGatewayAsync(string key)
    {
        var written = await _catalog.Submit(new ChangeSet([new Change
        {
            Operation = ChangeOperation.Put, Id = "/gateways/berlin", Properties = Encoding.UTF8.GetBytes($$"""{"primaryKey":"{{key}}"}"""),
        }]), CancellationToken.None);
        Assert.True(written.IsSuccess);
    }

    private Task<(HttpResponseMessage Response, byte[] Body)> GetAsync(string path, AuthenticationHeaderValue token, string? tag = null) =>
        SendAsync(HttpMethod.Get, path, token, tag);

    private async Task<(HttpResponseMessage Response, byte[] Body)> SendAsync(HttpMethod method, string path, AuthenticationHeaderValue token, string? tag = null, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(method, Site + path);
        request.Headers.Authorization = token;
        request.Headers.AcceptEncoding.ParseAdd("br");
        request.Content = body is null ? null : new ByteArrayContent(body);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        var response = await _hub.Client.SendAsync(request);
        return (response, await response.Content.ReadAsByteArrayAsync());
    }
}
