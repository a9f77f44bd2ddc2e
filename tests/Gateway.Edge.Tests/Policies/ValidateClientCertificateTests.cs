using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Clients with certificates of an authority that the host does not trust, and that the catalog knows as <c>authority</c>.</summary>
public sealed class ValidateClientCertificateTests : IAsyncLifetime
{
    private const string Chainless = "validate-trust=\"false\" validate-revocation=\"false\"";
    private const string Why = """<set-header name="X-Why" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason + " " + context.LastError.Message)</value></set-header>""";

    private static readonly X509Certificate2 s_authority = MakeAuthority();
    private static readonly X509Certificate2 s_good = Make(-1, 1);
    private static readonly X509Certificate2 s_expired = Make(-20, -10);
    private static readonly X509Certificate2 s_future = Make(10, 20);

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("", "none", "ClientCertificateNotPresent The client presented no certificate.")]
    [InlineData("", "good", "ClientCertificateNotTrusted The client's certificate is not issued by an authority that is trusted.")]
    [InlineData("validate-trust=\"false\"", "good", "ClientCertificateRevoked The client's certificate was revoked, or whether it was cannot be told.")]
    [InlineData("validate-trust=\"@(context.Api.Id != &quot;a&quot;)\" validate-revocation=\"@(false)\"", "good", null)]
    [InlineData(Chainless, "good", null)]
    [InlineData(Chainless, "expired", "ClientCertificateExpired The client's certificate has expired.")]
    [InlineData(Chainless + " validate-not-after=\"false\"", "expired", null)]
    [InlineData(Chainless + " validate-not-after=\"@(false)\"", "expired", null)]
    [InlineData(Chainless, "future", "ClientCertificateNotYetValid The client's certificate is not valid yet.")]
    [InlineData(Chainless + " validate-not-before=\"false\"", "future", null)]
    [InlineData(Chainless + " validate-not-before=\"@(false)\"", "future", null)]
    [InlineData("ignore-error=\"true\"", "none", null)]
    [InlineData("ignore-error=\"@(context.Api.Id == &quot;a&quot;)\"", "expired", null)]
    public async Task Certificate_is_judged(string attributes, string presented, string? reason) =>
        await AssertAsync($"<validate-client-certificate {attributes} />", presented, reason);

    [Theory]
    [InlineData("thumbprint=\"{thumbprint}\"", true)]
    [InlineData("thumbprint=\"@(&quot;{thumbprint}&quot;.ToLower())\"", true)]
    [InlineData("thumbprint=\"0000000000000000000000000000000000000000\"", false)]
    [InlineData("serial-number=\"{serial}\"", true)]
    [InlineData("serial-number=\"1\"", false)]
    [InlineData("common-name=\"client\"", true)]
    [InlineData("common-name=\"other\"", false)]
    [InlineData("subject=\"CN=client, O=Test\"", true)]
    [InlineData("subject=\"CN=client\"", false)]
    [InlineData("dns-name=\"client.example\"", true)]
    [InlineData("dns-name=\"other.example\"", false)]
    [InlineData("issuer-subject=\"CN=authority\"", true)]
    [InlineData("issuer-subject=\"CN=other\"", false)]
    [InlineData("issuer-thumbprint=\"{issuer}\"", true)]
    [InlineData("issuer-thumbprint=\"{thumbprint}\"", false)]
    [InlineData("issuer-certificate-id=\"authority\"", true)]
    [InlineData("issuer-certificate-id=\"other\"", false)]
    [InlineData("common-name=\"client\" thumbprint=\"{thumbprint}\" issuer-certificate-id=\"authority\"", true)]
    [InlineData("common-name=\"other\" thumbprint=\"{thumbprint}\"", false)]
    [InlineData("common-name=\"other\" /><identity common-name=\"client\"", true)]
    public async Task Identity_is_one_with_all_that_is_written(string identity, bool isOne)
    {
        identity = identity.Replace("{thumbprint}", s_good.Thumbprint).Replace("{serial}", s_good.SerialNumber).Replace("{issuer}", s_authority.Thumbprint);

        await AssertAsync(
            $"<validate-client-certificate {Chainless}><identities><identity {identity} /></identities></validate-client-certificate>",
            "good",
            isOne ? null : "ClientCertificateIdentityNotMatched The client's certificate is none of those allowed.");
    }

    [Theory]
    [InlineData("context.Request.Certificate == null", "none", "True")]
    [InlineData("context.Request.Certificate.Verify()", "good", "False")]
    [InlineData("context.Request.Certificate.VerifyNoRevocation()", "good", "False")]
    [InlineData("context.Request.Certificate == null || !context.Request.Certificate.Verify() || context.Request.Certificate.NotAfter < DateTime.Now", "none", "True")]
    [InlineData("context.Request.Certificate.Subject + context.Request.Certificate.GetNameInfo(X509NameType.DnsName, false)", "good", "CN=client, O=Testclient.example")]
    [InlineData("context.Deployment.Certificates.Any(c => c.Value.Thumbprint == context.Request.Certificate.Thumbprint)", "good", "False")]
    [InlineData("context.Request.Certificate.PublicKey.GetRSAPublicKey() == null", "good", "True")]
    public async Task Expression_sees_the_certificate(string expression, string presented, string expected)
    {
        await using var gateway = await StartAsync($"""<return-response><set-body>@(({expression}).ToString())</set-body></return-response>""");

        using var response = await SendAsync(gateway, presented);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Certificate_that_is_not_the_clients_is_not_asked_for()
    {
        await using var gateway = await StartAsync(
            """<return-response><set-body>@(context.Deployment.Certificates["authority"].Verify().ToString())</set-body></return-response>""");

        using var response = await SendAsync(gateway, "none");

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Contains("VerifyNoRevocation() judges others.", response.Headers.GetValues("X-Why").Single());
    }

    private async Task AssertAsync(string policy, string presented, string? reason)
    {
        await using var gateway = await StartAsync(policy);

        // The second time the chain is known.
        for (var i = 0; i < 2; i++)
        {
            using var response = await SendAsync(gateway, presented);

            Assert.Equal(reason is null ? "200 {\"from\":\"backend\"}" : "401 { \"statusCode\": 401, \"message\": \"Invalid client certificate\" }", $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            Assert.Equal(reason is null ? null : $"validate-client-certificate {reason} Access denied.", response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : null);
        }
    }

    private Task<TestGateway> StartAsync(string inbound) => PolicyEdge.StartAsync(
        _backend, inbound: inbound, onError: Why,
        change: publication => publication with
        {
            Service = publication.Service with
            {
                Certificates =
                [
                    new CertificateEntry { Id = "authority", Data = Convert.ToBase64String(s_authority.Export(X509ContentType.Cert)) },
                    new CertificateEntry { Id = "other", Data = Convert.ToBase64String(TestServer.Certificate.Export(X509ContentType.Cert)) },
                ],
            },
        });

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string presented)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => presented switch { "good" => s_good, "expired" => s_expired, "future" => s_future, _ => null! };
        using var client = new HttpMessageInvoker(handler);
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.TlsUrl, "/a/json")), CancellationToken.None);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2 Make(int from, int to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client, O=Test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("client.example");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(s_authority, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to), RandomNumberGenerator.GetBytes(8));
        using var made = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
