using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gateway.Edge.Tests.Policies;

/// <summary>authentication-certificate, to a backend that asks for a certificate and says which it got.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private const string Password = "p";

    private readonly X509Certificate2 _own = Make("CN=edge");
    private readonly TestServerThatAsks _asking = new();
    private TestBackend _backend = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        await _asking.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _asking.DisposeAsync();
    }

    private string Pfx => Convert.ToBase64String(_own.Export(X509ContentType.Pkcs12, Password));

    [Theory]
    [InlineData("certificate-id=\"edge\"")]
    [InlineData("certificate-id=\"@(&quot;ed&quot; + &quot;ge&quot;)\"")]
    [InlineData("thumbprint=\"{thumbprint}\"")]
    [InlineData("body=\"@(Convert.FromBase64String(&quot;{pfx}&quot;))\" password=\"p\"")]
    [InlineData("body=\"{pfx}\" password=\"@(&quot;p&quot;)\"")]
    public async Task Backend_sees_the_certificate(string attributes)
    {
        var element = $"<authentication-certificate {attributes.Replace("{thumbprint}", _own.Thumbprint.ToLowerInvariant()).Replace("{pfx}", Pfx)} />";
        await using var gateway = await StartAsync($"""{element}<set-backend-service backend-id="b" />""");

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.GetAsync("/a/x");
            Assert.Equal("CN=edge", await response.Content.ReadAsStringAsync());
        }

        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("edge", "", "", "CN=edge")]
    [InlineData("public,edge", "", "", "CN=edge")]
    [InlineData("", "{thumbprint}", "", "CN=edge")]
    [InlineData("none,edge", "0000000000000000000000000000000000000000", "", "CN=edge")]
    [InlineData("edge", "", "other", "CN=other")]
    [InlineData("public", "", "other", "CN=other")]
    [InlineData("public", "0000000000000000000000000000000000000000", "", "The backend 'b' names certificates, and none of them is here with its private key.")]
    public async Task Backend_resource_names_the_certificate_unless_a_policy_does(string ids, string thumbprints, string policy, string expected)
    {
        using var other = Make("CN=other");
        var element = policy.Length == 0 ? "" : $"<authentication-certificate body=\"{Convert.ToBase64String(other.Export(X509ContentType.Pkcs12))}\" />";
        await using var gateway = await StartAsync(
            $"""{element}<set-backend-service backend-id="b" />""", "<set-body>@(context.LastError.Message)</set-body>",
            backend => backend with
            {
                Certificates = ids.Split(',', StringSplitOptions.RemoveEmptyEntries),
                CertificateThumbprints = thumbprints.Replace("{thumbprint}", _own.Thumbprint).Split(',', StringSplitOptions.RemoveEmptyEntries),
            });

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
        await gateway.NothingIsLeftAsync();
    }

    [TrustTheory]
    [InlineData("certificate-id=\"edge\"", "CN=edge")]
    [InlineData("body=\"{pfx}\" password=\"p\"", "CN=edge")]
    [InlineData(null, "none")]
    public async Task Called_server_sees_the_certificate_of_its_call(string? attributes, string expected)
    {
        var element = attributes is null ? "" : $"<authentication-certificate {attributes.Replace("{pfx}", Pfx)} />";
        await using var gateway = await StartAsync($"""
            <send-request response-variable-name="r"><set-url>{_asking.Url}</set-url>{element}</send-request>
            <return-response><set-body>@(((IResponse)context.Variables["r"]).Body.As<string>())</set-body></return-response>
            """);

        Assert.Equal(expected, await gateway.GetTextAsync("/a/x"));
    }

    /// <summary>The proxy on the way to the backend asks for a certificate as well: the one for the backend is not for it.</summary>
    [TrustFact]
    public async Task Proxy_does_not_see_the_certificate_for_the_backend()
    {
        using var certificate = TrustedAuthority.Issue("CN=proxy");
        await using var proxy = new TlsProxy(certificate);
        await using var gateway = await StartAsync($"""<proxy url="{proxy.Url}" /><authentication-certificate certificate-id="edge" /><set-backend-service backend-id="b" />""");

        Assert.Equal("CN=edge", await gateway.GetTextAsync("/a/x"));

        Assert.Equal((1, 0), (proxy.Requests, proxy.ClientCertificates));
    }

    [Theory]
    [InlineData("certificate-id=\"@(&quot;no&quot; + &quot;ne&quot;)\"", "CertificateNotFound")]
    [InlineData("thumbprint=\"0000000000000000000000000000000000000000\"", "CertificateNotFound")]
    [InlineData("certificate-id=\"public\"", "CertificateNotUsable")]
    [InlineData("body=\"@(new byte[] { 1, 2 })\"", "CertificateNotUsable")]
    [InlineData("body=\"no base64\"", "CertificateNotUsable")]
    [InlineData("body=\"{pfx}\" password=\"wrong\"", "CertificateNotUsable")]
    public async Task Certificate_of_no_use_fails_the_request(string attributes, string reason)
    {
        await using var gateway = await StartAsync(
            $"<authentication-certificate {attributes.Replace("{pfx}", Pfx)} />",
            onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""");

        Assert.Equal($"authentication-certificate {reason}", await gateway.GetTextAsync("/a/x"));
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private Task<TestGateway> StartAsync(string inbound, string? onError = null, Func<BackendEntry, BackendEntry>? change = null) => PolicyEdge.StartAsync(
        _backend, inbound: inbound, onError: onError,
        change: publication => publication with
        {
            Service = publication.Service with
            {
                Backends = [(change ?? (entry => entry))(new BackendEntry { Id = "b", Url = _asking.Url, ValidateCertificateChain = false, ValidateCertificateName = false })],
                Certificates =
                [
                    new CertificateEntry { Id = "edge", Data = Pfx, Password = Password },
                    new CertificateEntry { Id = "public", Data = Convert.ToBase64String(_own.Export(X509ContentType.Cert)) },
                ],
            },
        });

    /// <summary>Says the subject of the certificate that it is shown.</summary>
    private sealed class TestServerThatAsks : IAsyncDisposable
    {
        private WebApplication _app = null!;

        public string Url { get; private set; } = "";

        public async Task StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(TrustedAuthority.Issue("CN=asking"), https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            })));
            _app = builder.Build();
            _app.Run(http => http.Response.WriteAsync(http.Connection.ClientCertificate?.Subject ?? "none"));
            await _app.StartAsync();
            Url = TestServer.Addresses(_app)[0].ToString().TrimEnd('/');
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
