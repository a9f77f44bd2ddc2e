using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Whose keys vouch for whose tokens.</summary>
public sealed class TokenIssuerTests : IAsyncLifetime
{
    private const string Why = "<set-body>@(context.LastError.Reason)</set-body>";
    private const string Passed = "{\"from\":\"backend\"}";
    private TestBackend _backend = null!;
    private TokenIssuerServer _one = null!;
    private TokenIssuerServer _two = null!;

    public async Task InitializeAsync()
    {
        (_backend, _one, _two) = (await TestBackend.StartAsync(), await TokenIssuerServer.StartAsync(), await TokenIssuerServer.StartAsync());
        _two.Issuer = "https://two.example";
        _two.Mint = new() { KeyId = "k2" };
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Theory]
    [InlineData("https://two.example", "", Passed)]
    [InlineData("https://issuer.example", "", "TokenIssuerNotAllowed")]
    [InlineData("https://issuer.example", "<issuers><issuer>https://issuer.example</issuer></issuers>", Passed)]
    public async Task Issuer_vouches_for_its_own_tokens_only(string named, string issuers, string expected)
    {
        await using var gateway = await StartAsync(issuers);

        Assert.Equal(expected, await AskAsync(gateway, _two.Mint.Rs256(Claims(named))));
        Assert.Equal(expected, await AskAsync(gateway, _two.Mint.Rs256(Claims(named))));
    }

    [Theory]
    [InlineData("https://two.example", Passed)]
    [InlineData("https://issuer.example", Passed)]
    [InlineData("https://three.example", "TokenIssuerNotAllowed")]
    public async Task Issuers_that_share_a_key_all_vouch_with_it(string named, string expected)
    {
        _two.Mint = _one.Mint;
        await using var gateway = await StartAsync("");

        Assert.Equal(expected, await AskAsync(gateway, _one.Mint.Rs256(Claims(named))));
    }

    [Fact]
    public async Task Name_of_a_key_does_not_make_it_the_key_of_another_issuer()
    {
        _two.Mint = new() { KeyId = _one.Mint.KeyId };
        await using var gateway = await StartAsync("");

        Assert.NotEqual(Passed, await AskAsync(gateway, _two.Mint.Rs256(Claims("https://issuer.example"))));
    }

    [Fact]
    public async Task Certificate_with_a_curve_is_a_key_that_signs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=ec", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var entry = new CertificateEntry { Id = "ec", Data = Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)) };
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: "<validate-jwt header-name=\"Authorization\"><issuer-signing-keys><key certificate-id=\"ec\" /></issuer-signing-keys></validate-jwt>", onError: Why,
            change: publication => publication with { Service = publication.Service with { Certificates = [entry] } });

        Assert.Equal(Passed, await AskAsync(gateway, TokenMint.Sign("ES256", TokenMint.Claims(now), null, data => key.SignData(data, HashAlgorithmName.SHA256))));
    }

    private Task<TestGateway> StartAsync(string issuers) => PolicyEdge.StartAsync(
        _backend,
        inbound: $"<validate-jwt header-name=\"Authorization\"><openid-config url=\"{_one.Configuration}\" /><openid-config url=\"{_two.Configuration}\" />{issuers}</validate-jwt>",
        onError: Why);

    private static JsonObject Claims(string issuer)
    {
        var claims = TokenMint.Claims(DateTimeOffset.UtcNow);
        claims["iss"] = issuer;
        return claims;
    }

    private static Task<string> AskAsync(TestGateway gateway, string token) =>
        gateway.GetTextAsync("/a/json", request => request.Headers.Add("Authorization", $"Bearer {token}"));
}
