using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>The keys and algorithms of <c>validate-jwt</c>, and its settings that are expressions.</summary>
public sealed class TokenKeyTests : IAsyncLifetime
{
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Reason)</value></set-header>";
    private const string Api = "<audiences><audience>api</audience></audiences>";
    private const string Signed = "<issuer-signing-keys><key>{secret}</key></issuer-signing-keys>";
    private const string Who = "context.Request.OriginalUrl.Query.GetValueOrDefault(\"who\")";

    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;
    private static readonly byte[] s_shared = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
    private static readonly X509Certificate2 s_certificate = Make("CN=of the issuer");
    private static readonly X509Certificate2 s_other = Make("CN=of another");

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Signature_of_each_algorithm_is_verified_by_a_published_key(string algorithm)
    {
        await using var issuer = await TokenIssuerServer.StartAsync();
        await using var gateway = await StartAsync($"<openid-config url=\"{issuer.Configuration}\" />");
        var token = issuer.Mint.By(algorithm, TokenMint.Claims(s_now));
        var other = TokenMint.Claims(s_now);
        other["sub"] = "root";
        var parts = token.Split('.');

        Assert.Equal("passed", await WhyAsync(gateway, token));
        Assert.Equal("TokenSignatureInvalid", await WhyAsync(gateway, $"{parts[0]}.{issuer.Mint.By(algorithm, other).Split('.')[1]}.{parts[2]}"));
    }

    [Theory]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Signature_of_each_algorithm_is_verified_by_a_secret(string algorithm)
    {
        await using var gateway = await StartAsync(Signed);
        Func<byte[], byte[], byte[]> hash = algorithm == "HS384" ? HMACSHA384.HashData : HMACSHA512.HashData;

        Assert.Equal("passed", await WhyAsync(gateway, TokenMint.Sign(algorithm, TokenMint.Claims(s_now), null, data => hash(TokenMint.Secret, data))));
        Assert.Equal("TokenSignatureKeyNotFound", await WhyAsync(gateway, TokenMint.Sign(algorithm, TokenMint.Claims(s_now), null, data => hash(new byte[64], data))));
    }

    [Theory]
    [InlineData("issuer", "RS256", "passed")]
    [InlineData("issuer", "PS256", "passed")]
    [InlineData("other", "RS256", "TokenSignatureKeyNotFound")]
    [InlineData("none", "RS256", "TokenSignatureKeyNotFound")]
    public async Task Certificate_is_a_key_that_signs(string id, string algorithm, string expected)
    {
        await using var gateway = await StartAsync($"<issuer-signing-keys><key certificate-id=\"{id}\" /></issuer-signing-keys>");
        using var key = s_certificate.GetRSAPrivateKey()!;
        var token = TokenMint.Sign(
            algorithm, TokenMint.Claims(s_now), null, data => key.SignData(data, HashAlgorithmName.SHA256, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

        Assert.Equal(expected, await WhyAsync(gateway, token));
        Assert.Equal(expected, await WhyAsync(gateway, token));
    }

    [Fact]
    public async Task Token_known_by_a_certificate_is_refused_once_the_certificate_is_another()
    {
        var policy = Policy("<issuer-signing-keys><key certificate-id=\"issuer\" /></issuer-signing-keys>");
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: policy, onError: Why, change: publication => With(publication, s_certificate));
        using var key = s_certificate.GetRSAPrivateKey()!;
        var token = TokenMint.Sign("RS256", TokenMint.Claims(s_now), null, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("passed", await WhyAsync(gateway, token));

        var compiled = CompiledPolicy.OfSections(policy, onError: Why);
        await gateway.ApplyAsync(With(
            new TestPublication { Number = 2, Programs = compiled.Programs, Apis = [TestPublication.Api("a", _backend.Url) with { Policy = compiled.Tree }] }, s_other));

        Assert.Equal("TokenSignatureKeyNotFound", await WhyAsync(gateway, token));
    }

    [Theory]
    [InlineData($"<issuer-signing-keys><key>@({Who} == \"good\" ? \"{{secret}}\" : \"{{shared}}\")</key></issuer-signing-keys>", "TokenSignatureKeyNotFound")]
    [InlineData($"{Signed}<audiences><audience>@({Who} == \"good\" ? \"api\" : \"x\")</audience></audiences>", "TokenAudienceNotAllowed")]
    [InlineData($"{Signed}<issuers><issuer>@({Who} == \"good\" ? \"https://issuer.example\" : \"x\")</issuer></issuers>", "TokenIssuerNotAllowed")]
    [InlineData(Signed, "TokenExpired", $"clock-skew=\"@({Who} == \"good\" ? 60 : 1)\"", -5)]
    [InlineData(Signed, "JwtInvalid", $"require-expiration-time=\"@({Who} != \"good\")\"", null)]
    public async Task Expression_is_asked_with_each_request(string children, string refusal, string attributes = "", int? seconds = 600)
    {
        await using var gateway = await StartAsync(children, attributes);
        var claims = TokenMint.Claims(s_now, seconds ?? 0);
        if (seconds is null)
        {
            claims.Remove("exp");
        }

        var token = TokenMint.Hs256(claims);
        foreach (var who in (string[])["good", "bad", "good", "bad"])
        {
            Assert.Equal(who == "good" ? "passed" : refusal, await WhyAsync(gateway, token, $"?who={who}"));
        }
    }

    [Theory]
    [InlineData("", "passed")]
    [InlineData("Bearer ", "passed")]
    [InlineData("DPoP ", "JwtInvalid")]
    public async Task Scheme_is_required_of_the_authorization_header_only(string prefix, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: Filled($"<validate-jwt header-name=\"X-Token\" require-scheme=\"Basic\">{Signed}</validate-jwt>"), onError: Why);

        using var response = await gateway.GetAsync("/a/json", request => request.Headers.TryAddWithoutValidation("X-Token", prefix + TokenMint.Hs256(TokenMint.Claims(s_now))));

        Assert.Equal(expected, ReasonOf(response));
    }

    [Fact]
    public async Task Tokens_of_each_configuration_pass_and_those_of_none_do_not()
    {
        await using var one = await TokenIssuerServer.StartAsync();
        await using var two = await TokenIssuerServer.StartAsync();
        two.Issuer = "https://two.example";
        two.Mint = new() { KeyId = "k2" };
        await using var gateway = await StartAsync($"<openid-config url=\"{one.Configuration}\" /><openid-config url=\"@(&quot;{two.Configuration}&quot;)\" />");
        JsonObject Of(string issuer)
        {
            var claims = TokenMint.Claims(s_now);
            claims["iss"] = issuer;
            return claims;
        }

        Assert.Equal("passed", await WhyAsync(gateway, one.Mint.Rs256(Of("https://issuer.example"))));
        Assert.Equal("passed", await WhyAsync(gateway, two.Mint.Rs256(Of("https://two.example"))));
        Assert.Equal("TokenIssuerNotAllowed", await WhyAsync(gateway, two.Mint.Rs256(Of("https://three.example"))));
        Assert.Equal("TokenSignatureKeyNotFound", await WhyAsync(gateway, new TokenMint { KeyId = "k3" }.Rs256(Of("https://two.example"))));
        Assert.Equal((1, 1), (one.Fetches, two.Fetches));
    }

    [Fact]
    public async Task Configuration_that_is_down_does_not_hold_up_the_other()
    {
        await using var one = await TokenIssuerServer.StartAsync();
        await using var two = await TokenIssuerServer.StartAsync();
        one.IsDown = true;
        await using var gateway = await StartAsync($"<openid-config url=\"{one.Configuration}\" /><openid-config url=\"{two.Configuration}\" />");

        Assert.Equal("passed", await WhyAsync(gateway, two.Mint.Rs256(TokenMint.Claims(s_now))));
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static string Filled(string text) =>
        text.Replace("{secret}", TokenMint.SecretKey, StringComparison.Ordinal).Replace("{shared}", Convert.ToBase64String(s_shared), StringComparison.Ordinal);

    private static string Policy(string children, string attributes = "") => Filled($"<validate-jwt header-name=\"Authorization\" {attributes}>{children}</validate-jwt>");

    private static TestPublication With(TestPublication publication, X509Certificate2 issuer) => publication with
    {
        Service = publication.Service with
        {
            Certificates =
            [
                new CertificateEntry { Id = "issuer", Data = Convert.ToBase64String(issuer.Export(X509ContentType.Pkcs12)) },
                new CertificateEntry { Id = "other", Data = Convert.ToBase64String(s_other.Export(X509ContentType.Pkcs12)) },
            ],
        },
    };

    private static string ReasonOf(HttpResponseMessage response) => response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : response.IsSuccessStatusCode ? "passed" : "failed";

    private static async Task<string> WhyAsync(TestGateway gateway, string token, string query = "")
    {
        using var response = await gateway.GetAsync($"/a/json{query}", request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
        return ReasonOf(response);
    }

    private Task<TestGateway> StartAsync(string children, string attributes = "") =>
        PolicyEdge.StartAsync(_backend, inbound: Policy(children, attributes), onError: Why, change: publication => With(publication, s_certificate));
}
