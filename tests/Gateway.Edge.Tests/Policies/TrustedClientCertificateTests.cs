using System.Security.Cryptography.X509Certificates;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Clients with certificates of an authority that the host trusts, and that says which of them it revoked.</summary>
public sealed class TrustedClientCertificateTests : IAsyncLifetime
{
    private const string Passed = """200 {"from":"backend"}""";
    private const string Refused = """401 { "statusCode": 401, "message": "Invalid client certificate" }""";

    private readonly Dictionary<string, X509Certificate2> _certificates = [];
    private TestBackend _backend = null!;
    private WebApplication _authority = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _authority = TestServer.Builder().Build();
        _authority.MapGet("/crl", () => Results.Bytes(TrustedAuthority.Revoke(_certificates["revoked"]), "application/pkix-crl"));
        await _authority.StartAsync();
        var list = new Uri(TestServer.Addresses(_authority)[0], "/crl");
        _certificates["good"] = TrustedAuthority.Issue("CN=good", list);
        _certificates["revoked"] = TrustedAuthority.Issue("CN=revoked", list);
        _certificates["unlisted"] = TrustedAuthority.Issue("CN=unlisted");
    }

    public async Task DisposeAsync()
    {
        await _authority.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [TrustTheory]
    [InlineData("", "good", Passed)]
    [InlineData("", "revoked", Refused)]
    [InlineData("", "unlisted", Refused)]
    [InlineData("validate-revocation=\"false\"", "revoked", Passed)]
    [InlineData("validate-revocation=\"false\"", "unlisted", Passed)]
    public async Task Certificate_is_judged(string attributes, string presented, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: $"<validate-client-certificate {attributes} />");

        Assert.Equal(expected, await SendAsync(gateway, presented));
    }

    [TrustTheory]
    [InlineData("Verify", "good", "True")]
    [InlineData("Verify", "revoked", "False")]
    [InlineData("Verify", "unlisted", "False")]
    [InlineData("VerifyNoRevocation", "good", "True")]
    [InlineData("VerifyNoRevocation", "revoked", "True")]
    public async Task Expression_asks(string method, string presented, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<return-response><set-body>@(context.Request.Certificate.{method}().ToString())</set-body></return-response>");

        Assert.Equal($"200 {expected}", await SendAsync(gateway, presented));
    }

    private async Task<string> SendAsync(TestGateway gateway, string presented)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificates[presented];
        using var client = new HttpMessageInvoker(handler);
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.TlsUrl, "/a/json")), CancellationToken.None);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
