using System.Net;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Calls;

/// <summary>Proxies that are spoken to over TLS, for forwarded requests and for calls.</summary>
public sealed class TlsProxyTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [TrustFact]
    public async Task Trusted_proxy_takes_calls_and_forwarded_requests()
    {
        using var certificate = TrustedAuthority.Issue("CN=proxy");
        await using var proxy = new TlsProxy(certificate);
        var element = $"""<proxy url="{proxy.Url}" />""";
        await using var forwarding = await StartAsync($"""{element}<set-backend-service base-url="http://far.invalid" />""");
        await using var calling = await StartAsync(
            $"""<send-request response-variable-name="r"><set-url>http://far.invalid/called</set-url>{element}</send-request><return-response response-variable-name="r" />""");

        Assert.Equal("GET http://far.invalid/x HTTP/1.1", await forwarding.GetTextAsync("/a/x"));
        Assert.Equal("GET http://far.invalid/called HTTP/1.1", await calling.GetTextAsync("/a/x"));
        await forwarding.NothingIsLeftAsync();
        await calling.NothingIsLeftAsync();
    }

    [TrustFact]
    public async Task Backend_with_tls_is_reached_in_a_tunnel()
    {
        using var certificate = TrustedAuthority.Issue("CN=proxy");
        await using var proxy = new TlsProxy(certificate);
        await using var gateway = await StartAsync($"""<proxy url="{proxy.Url}" /><set-backend-service backend-id="tls" />""");

        Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));
        Assert.Equal(1, proxy.Requests);
    }

    /// <summary>Where a backend's certificate is not to be judged, the proxy's is all the same: it sees user and password.</summary>
    [Theory]
    [InlineData("<set-backend-service backend-id=\"tls\" />")]
    [InlineData("<set-backend-service base-url=\"http://far.invalid\" />")]
    public async Task Proxy_that_is_not_trusted_gets_no_request(string backend)
    {
        await using var proxy = new TlsProxy(TestServer.Certificate);
        await using var gateway = await StartAsync($"""<proxy url="{proxy.Url}" username="me" password="secret" />{backend}""");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await Eventually.HoldsAsync(() => proxy.Refusals > 0, "the proxy sees the connection end");
        Assert.Equal(0, proxy.Requests);
        Assert.Equal(0, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    private Task<TestGateway> StartAsync(string inbound) => PolicyEdge.StartAsync(_backend, inbound: inbound, change: publication => publication with
    {
        Service = publication.Service with { Backends = [new BackendEntry { Id = "tls", Url = _backend.TlsUrl, ValidateCertificateChain = false, ValidateCertificateName = false }] },
    });
}
