using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Contracts.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Tokens that are encrypted for the gateway: <c>decryption-keys</c>.</summary>
public sealed class EncryptedTokenTests : IAsyncLifetime
{
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Reason)</value></set-header>";
    private const string Api = "<audiences><audience>api</audience></audiences>";
    private const string Signed = "<issuer-signing-keys><key>{secret}</key></issuer-signing-keys>";

    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;
    private static readonly byte[] s_shared = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
    private static readonly X509Certificate2 s_certificate = Make("CN=of the gateway");
    private static readonly X509Certificate2 s_other = Make("CN=of another");

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("<key>{shared}</key>", "shared", "passed")]
    [InlineData("<key>{secret}</key>", "shared", "JwtInvalid")]
    [InlineData("<key>{secret}</key><key>{shared}</key>", "shared", "passed")]
    [InlineData("<key>@(\"{shared}\")</key>", "shared", "passed")]
    [InlineData("", "shared", "JwtInvalid")]
    [InlineData("<key certificate-id=\"own\" />", "certificate", "passed")]
    [InlineData("<key certificate-id=\"other\" />", "certificate", "JwtInvalid")]
    [InlineData("<key certificate-id=\"none\" />", "certificate", "JwtInvalid")]
    public async Task Encrypted_token_is_read_with_its_key(string keys, string encryptedFor, string expected)
    {
        await using var gateway = await StartAsync(Policy($"{Signed}<decryption-keys>{keys}</decryption-keys>"));
        var encrypting = encryptedFor == "shared"
            ? new EncryptingCredentials(new SymmetricSecurityKey(s_shared), JwtConstants.DirectKeyUseAlg, SecurityAlgorithms.Aes128CbcHmacSha256)
            : new EncryptingCredentials(new X509SecurityKey(s_certificate), SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512);
        string Encrypt(string token) => new JsonWebTokenHandler().EncryptToken(token, encrypting);
        var good = Encrypt(TokenMint.Hs256(TokenMint.Claims(s_now)));

        // The second time it is known.
        Assert.Equal(expected, await WhyAsync(gateway, good));
        Assert.Equal(expected, await WhyAsync(gateway, good));
        if (expected == "passed")
        {
            Assert.Equal("TokenSignatureKeyNotFound", await WhyAsync(gateway, Encrypt(TokenMint.Hs256(TokenMint.Claims(s_now), new byte[64]))));
            Assert.Equal("TokenExpired", await WhyAsync(gateway, Encrypt(TokenMint.Hs256(TokenMint.Claims(s_now, seconds: -5)))));
        }
    }

    [Fact]
    public async Task Claims_of_an_encrypted_token_are_given_on()
    {
        await using var gateway = await StartAsync(Policy(
            $"{Signed}<decryption-keys><key>{{shared}}</key></decryption-keys>{Api}<required-claims><claim name=\"scp\" separator=\" \"><value>read</value></claim></required-claims>",
            "output-token-variable-name=\"jwt\"") + """<return-response><set-body>@(((Jwt)context.Variables["jwt"]).Subject)</set-body></return-response>""");
        var token = new JsonWebTokenHandler().EncryptToken(
            TokenMint.Hs256(TokenMint.Claims(s_now)), new EncryptingCredentials(new SymmetricSecurityKey(s_shared), JwtConstants.DirectKeyUseAlg, SecurityAlgorithms.Aes128CbcHmacSha256));

        Assert.Equal("me", await gateway.GetTextAsync("/a/json", request => request.Headers.Add("Authorization", $"Bearer {token}")));
    }

    [Theory]
    [InlineData("own", "passed")]
    [InlineData("other", "JwtInvalid")]
    public async Task Encrypted_token_of_an_entra_tenant_is_read_with_a_certificate(string certificate, string expected)
    {
        await using var server = await TokenIssuerServer.StartAsync();
        await using var gateway = await StartAsync(
            $"<validate-azure-ad-token tenant-id=\"t1\"><decryption-keys><key certificate-id=\"{certificate}\" /></decryption-keys></validate-azure-ad-token>", new() { EntraAuthority = server.Url });
        var token = new JsonWebTokenHandler().EncryptToken(
            server.Mint.Rs256(TokenMint.Claims(s_now)), new EncryptingCredentials(new X509SecurityKey(s_certificate), SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512));

        Assert.Equal(expected, await WhyAsync(gateway, token));
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static string Policy(string children, string attributes = "") => $"<validate-jwt header-name=\"Authorization\" {attributes}>{children}</validate-jwt>";

    private static async Task<string> WhyAsync(TestGateway gateway, string token)
    {
        using var response = await gateway.GetAsync("/a/json", request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
        return response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : response.IsSuccessStatusCode ? "passed" : "failed";
    }

    private Task<TestGateway> StartAsync(string inbound, EdgeOptions? options = null) => PolicyEdge.StartAsync(
        _backend,
        inbound: inbound.Replace("{secret}", TokenMint.SecretKey, StringComparison.Ordinal).Replace("{shared}", Convert.ToBase64String(s_shared), StringComparison.Ordinal),
        onError: Why, options: options,
        change: publication => publication with
        {
            Service = publication.Service with
            {
                Certificates =
                [
                    new CertificateEntry { Id = "own", Data = Convert.ToBase64String(s_certificate.Export(X509ContentType.Pkcs12)) },
                    new CertificateEntry { Id = "other", Data = Convert.ToBase64String(s_other.Export(X509ContentType.Pkcs12)) },
                ],
            },
        });
}
