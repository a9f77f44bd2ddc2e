using System.Net;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Requests;

/// <summary>The host that a request names, over every protocol.</summary>
public sealed class HostTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(new TestPublication
    {
        Apis = [Answering("exact", 211, "api.example.com"), Answering("wide", 212, "*.example.com"), Answering("open", 213)],
    });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("HTTP/1.1\r\nHost: api.example.com", 211)]
    [InlineData("HTTP/1.1\r\nHost: Api.Example.com:8080", 211)]
    [InlineData("HTTP/1.1\r\nHost: a.b.example.com", 212)]
    [InlineData("HTTP/1.1\r\nHost: 127.0.0.1:80", 213)]
    [InlineData("HTTP/1.1\r\nHost: [::1]:80", 213)]
    [InlineData("HTTP/1.1\r\nHost:", 213)]
    [InlineData("HTTP/1.0\r\nAccept: */*", 213)]
    [InlineData("HTTP/1.1\r\nHost: example.org\r\nX-Forwarded-Host: api.example.com", 213)]
    public async Task Host_header_chooses_the_api(string head, int status)
    {
        var answer = await _gateway.SendRawAsync($"GET /shop/x {head}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.example.com", 211)]
    [InlineData("b.example.com:443", 212)]
    [InlineData("example.com", 213)]
    public async Task Authority_of_http2_chooses_the_api(string host, int status)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.TlsUrl, "/shop/x"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = host },
        };

        using var response = await _gateway.Client.SendAsync(request, CancellationToken.None);

        Assert.Equal((HttpVersion.Version20, status), (response.Version, (int)response.StatusCode));
    }

    private static Contracts.Publications.ApiChunk Answering(string id, int status, params string[] hostnames) =>
        TestPublication.Api("shop", null) with
        {
            Id = id,
            Hostnames = hostnames,
            Policy = CompiledPolicy.OfSections($"<return-response><set-status code=\"{status}\" /></return-response>").Tree,
        };
}
