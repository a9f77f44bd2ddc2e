using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Policies;

public sealed class ValidateJwtTests
{
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>";
    private static readonly TokenMint s_mint = new();
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    public static TheoryData<string, string, string, string?, string> Verdicts { get; } = MakeVerdicts();

    [Theory]
    [MemberData(nameof(Verdicts))]
    public async Task Token_is_judged(string what, string attributes, string children, string? authorization, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<validate-jwt header-name=\"Authorization\" {attributes}>{children}</validate-jwt>", onError: Why);

        // The second time a good token is known.
        for (var i = 0; i < 2; i++)
        {
            using var response = await edge.Gateway.GetAsync("/a/json", request =>
            {
                if (authorization is not null)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }
            });

            var reason = response.Headers.TryGetValues("X-Why", out var why) ? why.Single()["validate-jwt ".Length..] : "passed";
            Assert.Equal((what, expected), (what, reason));
            Assert.Equal(expected == "passed" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(expected == "passed" ? 1 + i : 0, edge.Backend.Requests);
        }
    }

    [Theory]
    [InlineData("", null, "401 { \"statusCode\": 401, \"message\": \"JWT not present.\" }")]
    [InlineData("", "Bearer x", "401 { \"statusCode\": 401, \"message\": \"The token is no well-formed JWT. Access denied.\" }")]
    [InlineData("failed-validation-httpcode=\"403\" failed-validation-error-message=\"Go away\"", null, "403 { \"statusCode\": 403, \"message\": \"Go away\" }")]
    [InlineData("failed-validation-httpcode=\"@(400 + 9)\" failed-validation-error-message=\"@(&quot;No &quot; + context.Api.Id)\"", "Bearer x", "409 { \"statusCode\": 409, \"message\": \"No a\" }")]
    public async Task Refusal_is_the_authors(string attributes, string? authorization, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<validate-jwt header-name=\"Authorization\" {attributes}>{Keys()}</validate-jwt>");

        Assert.Equal(expected, await edge.AnswerAsync("/a/json", request =>
        {
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }
        }));
    }

    [Theory]
    [InlineData("header-name=\"X-Token\"", "/a/x", "X-Token", "")]
    [InlineData("header-name=\"X-Token\"", "/a/x", "X-Token", "Bearer ")]
    [InlineData("query-parameter-name=\"token\"", "/a/x?a=1&token=", null, "")]
    [InlineData("token-value=\"@(context.Request.Headers.GetValueOrDefault(&quot;X-Token&quot;).Substring(4))\"", "/a/x", "X-Token", "abc ")]
    public async Task Token_is_found_where_the_policy_says_and_given_on_as_a_variable(string place, string target, string? header, string prefix)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"""
            <validate-jwt {place} output-token-variable-name="jwt">{Keys()}</validate-jwt>
            <set-header name="X-Out" exists-action="override"><value>@(((Jwt)context.Variables["jwt"]).Subject + ((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("roles"))</value></set-header>
            """);
        var token = TokenMint.Hs256(TokenMint.Claims(s_now));
        for (var i = 0; i < 2; i++)
        {
            var answer = await edge.AnswerAsync(header is null ? target + token : target, request =>
            {
                if (header is not null)
                {
                    request.Headers.TryAddWithoutValidation(header, prefix + token);
                }
            });

            Assert.Contains("X-Out: mea,b", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Known_token_is_refused_once_it_has_expired()
    {
        var time = new FakeTimeProvider(s_now);
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<validate-jwt header-name=\"Authorization\" clock-skew=\"10\">{Keys()}</validate-jwt>", onError: Why, time: time);
        var token = TokenMint.Hs256(TokenMint.Claims(s_now, seconds: 60));

        Assert.Equal("passed", await WhyAsync(edge, token));
        time.Advance(TimeSpan.FromSeconds(65));
        Assert.Equal("passed", await WhyAsync(edge, token));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("TokenExpired", await WhyAsync(edge, token));
    }

    [Fact]
    public async Task Known_token_is_judged_anew_by_claims_that_expressions_speak_of()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"""
            <validate-jwt header-name="Authorization">{Keys()}<required-claims><claim name="sub"><value>@(context.Request.OriginalUrl.Query.GetValueOrDefault("who"))</value></claim></required-claims></validate-jwt>
            """, onError: Why);
        var token = TokenMint.Hs256(TokenMint.Claims(s_now));

        Assert.Equal("passed", await WhyAsync(edge, token, "?who=me"));
        Assert.Equal("TokenClaimValueNotAllowed", await WhyAsync(edge, token, "?who=you"));
        Assert.Equal("passed", await WhyAsync(edge, token, "?who=me"));
    }

    [Fact]
    public async Task Keys_of_an_issuer_are_fetched_once_and_again_behind_the_requests()
    {
        await using var issuer = await TokenIssuerServer.StartAsync();
        var time = new FakeTimeProvider(s_now);
        await using var edge = await PolicyExchange.StartAsync(inbound: OfIssuer(issuer), onError: Why, time: time);
        var token = issuer.Mint.Rs256(TokenMint.Claims(s_now, seconds: 100_000));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WhyAsync(edge, token)));
        Assert.All(answers, answer => Assert.Equal("passed", answer));
        Assert.Equal(1, issuer.Fetches);

        // What the issuer takes back ends here an hour later, without any request that waits for it.
        issuer.Mint = new();
        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => issuer.Fetches == 2, "the keys are fetched again");
        await Eventually.HoldsAsync(() => WhyAsync(edge, token).GetAwaiter().GetResult() != "passed", "the old key is not trusted any more");
        Assert.Equal("passed", await WhyAsync(edge, issuer.Mint.Rs256(TokenMint.Claims(s_now, seconds: 100_000))));
    }

    [Fact]
    public async Task Unknown_key_makes_the_gateway_fetch_once_in_five_minutes()
    {
        await using var issuer = await TokenIssuerServer.StartAsync();
        var time = new FakeTimeProvider(s_now);
        await using var edge = await PolicyExchange.StartAsync(inbound: OfIssuer(issuer), onError: Why, time: time);
        Assert.Equal("passed", await WhyAsync(edge, issuer.Mint.Rs256(TokenMint.Claims(s_now))));

        var next = new TokenMint { KeyId = "k2" };
        var token = next.Rs256(TokenMint.Claims(s_now));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("TokenSignatureKeyNotFound", await WhyAsync(edge, token));
        }

        Assert.Equal(1, issuer.Fetches);
        time.Advance(TimeSpan.FromMinutes(5));
        issuer.Mint = next;
        Assert.Equal("passed", await WhyAsync(edge, token));
        Assert.Equal(2, issuer.Fetches);
    }

    [Fact]
    public async Task Issuer_that_is_down_at_first_is_asked_again_and_later_not_missed()
    {
        await using var issuer = await TokenIssuerServer.StartAsync();
        var time = new FakeTimeProvider(s_now);
        await using var edge = await PolicyExchange.StartAsync(inbound: OfIssuer(issuer), onError: Why, time: time);
        var token = issuer.Mint.Rs256(TokenMint.Claims(s_now, seconds: 100_000));

        issuer.IsDown = true;
        Assert.Equal("503 { \"statusCode\": 503, \"message\": \"Service unavailable\" }", await edge.AnswerAsync("/a/json", request => request.Headers.Add("Authorization", $"Bearer {token}")));
        issuer.IsDown = false;
        Assert.Equal("OpenIdConfigurationNotAvailable", await WhyAsync(edge, token));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("passed", await WhyAsync(edge, token));
        issuer.IsDown = true;
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("passed", await WhyAsync(edge, token));
    }

    [Theory]
    [InlineData("https://login.example/{tenantid}/v2.0", "https://login.example/t1/v2.0", "azp", "", "passed")]
    [InlineData("https://login.example/{tenantid}/v2.0", "https://sts.windows.net/t1/", "appid", "", "passed")]
    [InlineData("https://login.example/t1/v2.0", "https://sts.windows.net/t1/", "appid", "", "passed")]
    [InlineData("https://login.example/t2/v2.0", "https://sts.windows.net/t1/", "appid", "", "TokenIssuerNotAllowed")]
    [InlineData("https://login.example/t1/v2.0", "https://login.example/t1/v2.0", "azp", "<client-application-ids><application-id>app-1</application-id></client-application-ids>", "passed")]
    [InlineData("https://login.example/t1/v2.0", "https://login.example/t1/v2.0", "azp", "<client-application-ids><application-id>app-2</application-id></client-application-ids>", "TokenClaimValueNotAllowed")]
    [InlineData("https://login.example/t1/v2.0", "https://login.example/t1/v2.0", "azp", "<backend-application-ids><application-id>api</application-id></backend-application-ids>", "passed")]
    [InlineData("https://login.example/t1/v2.0", "https://login.example/t1/v2.0", "azp", "<audiences><audience>other</audience></audiences>", "TokenAudienceNotAllowed")]
    [InlineData("https://login.example/t1/v2.0", "https://login.example/t1/v2.0", "azp", "<required-claims><claim name=\"roles\" match=\"any\"><value>b</value><value>z</value></claim></required-claims>", "passed")]
    public async Task Token_of_an_entra_tenant_is_judged_below_the_configured_authority(string described, string issuedBy, string client, string children, string expected)
    {
        await using var server = await TokenIssuerServer.StartAsync();
        server.Issuer = described;
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<validate-azure-ad-token tenant-id=\"t1\" output-token-variable-name=\"jwt\">{children}</validate-azure-ad-token>", onError: Why, options: new() { EntraAuthority = server.Url });
        var claims = TokenMint.Claims(s_now);
        (claims["iss"], claims["tid"], claims[client]) = (issuedBy, "t1", "app-1");
        var token = server.Mint.Rs256(claims);

        Assert.Equal(expected, await WhyAsync(edge, token));
        Assert.Equal(expected, await WhyAsync(edge, token));
        Assert.Equal("TokenNotPresent", await WhyAsync(edge, ""));
        Assert.Equal(1, server.Fetches);
    }

    private static TheoryData<string, string, string, string?, string> MakeVerdicts()
    {
        var data = new TheoryData<string, string, string, string?, string>();
        var good = TokenMint.Claims(s_now);
        var token = TokenMint.Hs256(good);
        var rsa = s_mint.Rs256(good);
        var rsaKey = $"<issuer-signing-keys><key id=\"k1\" n=\"{s_mint.Modulus}\" e=\"{s_mint.Exponent}\" /></issuer-signing-keys>";

        void Row(string what, string children, string? authorization, string expected, string attributes = "") =>
            data.Add(what, attributes, children, authorization, expected);

        string With(string name, JsonNode? value)
        {
            var claims = TokenMint.Claims(s_now);
            if (value is null)
            {
                claims.Remove(name);
            }
            else
            {
                claims[name] = value;
            }

            return $"Bearer {TokenMint.Hs256(claims)}";
        }

        string Audience(params string[] names) => $"{Keys()}<audiences>{string.Concat(names.Select(name => $"<audience>{name}</audience>"))}</audiences>";
        string Claim(string claim) => $"{Keys()}<required-claims>{claim}</required-claims>";

        Row("good", Keys(), $"Bearer {token}", "passed");
        Row("without a scheme", Keys(), token, "passed");
        Row("another scheme", Keys(), $"DPoP {token}", "passed");
        Row("another scheme than required", Keys(), $"DPoP {token}", "TokenNotPresent", "require-scheme=\"Bearer\"");
        Row("the required scheme", Keys(), $"bearer {token}", "passed", "require-scheme=\"Bearer\"");
        Row("no scheme where one is required", Keys(), token, "TokenNotPresent", "require-scheme=\"Bearer\"");
        Row("none", Keys(), null, "TokenNotPresent");
        Row("empty", Keys(), "Bearer ", "TokenNotPresent");
        Row("rsa", rsaKey, $"Bearer {rsa}", "passed");
        Row("rsa, key without id", rsaKey.Replace("id=\"k1\" ", ""), $"Bearer {rsa}", "passed");
        Row("second of two keys", rsaKey.Replace("</issuer-signing-keys>", $"<key>{TokenMint.SecretKey}</key></issuer-signing-keys>"), $"Bearer {token}", "passed");
        // forged
        Row("wrong key", Keys(), $"Bearer {TokenMint.Hs256(good, new byte[64])}", "TokenSignatureKeyNotFound");
        Row("wrong key of a known id", Keys("k1"), $"Bearer {TokenMint.Hs256(good, new byte[64], "k1")}", "TokenSignatureInvalid");
        Row("alg none", Keys(), $"Bearer {TokenMint.Sign("none", good, null, _ => [])}", "TokenSignatureInvalid");
        Row("alg None with a signature", Keys(), $"Bearer {TokenMint.Sign("nOnE", good, null, _ => [1])}", "TokenSignatureKeyNotFound");
        Row("public key as secret", rsaKey, $"Bearer {TokenMint.Hs256(good, Encoding.UTF8.GetBytes(s_mint.PublicKey), "k1")}", "TokenSignatureInvalid");
        Row("modulus as secret", rsaKey, $"Bearer {TokenMint.Hs256(good, Base64Url.DecodeFromChars(s_mint.Modulus), "k1")}", "TokenSignatureInvalid");
        Row("rs256 by a secret", Keys("k1"), $"Bearer {rsa}", "TokenSignatureInvalid");
        Row("signature cut off", Keys(), $"Bearer {token[..token.LastIndexOf('.')]}.", "TokenSignatureInvalid");
        Row("payload changed", Keys("k1"), $"Bearer {Swap(TokenMint.Hs256(good, null, "k1"), With("sub", "root")["Bearer ".Length..])}", "TokenSignatureInvalid");
        Row("no jwt", Keys(), "Bearer abc", "JwtInvalid");
        Row("three parts of nothing", Keys(), "Bearer ..", "JwtInvalid");
        Row("100 kB of dots and letters", Keys(), $"Bearer {new string('a', 30_000)}.b.c", "JwtInvalid");
        Row("unsigned where allowed", Keys(), $"Bearer {TokenMint.Sign("none", good, null, _ => [])}", "passed", "require-signed-tokens=\"false\"");
        Row("signed wrongly where unsigned is allowed", Keys("k1"), $"Bearer {TokenMint.Hs256(good, new byte[64], "k1")}", "TokenSignatureInvalid", "require-signed-tokens=\"false\"");
        // time
        Row("expired", Keys(), With("exp", s_now.ToUnixTimeSeconds() - 5), "TokenExpired");
        Row("expired within the skew", Keys(), With("exp", s_now.ToUnixTimeSeconds() - 5), "passed", "clock-skew=\"600\"");
        Row("not yet valid", Keys(), With("nbf", s_now.ToUnixTimeSeconds() + 3600), "JwtInvalid");
        Row("without expiration", Keys(), With("exp", null), "JwtInvalid");
        Row("without expiration where allowed", Keys(), With("exp", null), "passed", "require-expiration-time=\"false\"");
        // audience and issuer
        Row("audience", Audience("x", "api"), $"Bearer {token}", "passed");
        Row("audience among several", Audience("api"), With("aud", new JsonArray("x", "api")), "passed");
        Row("other audience", Audience("x"), $"Bearer {token}", "TokenAudienceNotAllowed");
        Row("audience in another case", Audience("API"), $"Bearer {token}", "TokenAudienceNotAllowed");
        Row("no audience", Audience("api"), With("aud", null), "TokenAudienceNotAllowed");
        Row("issuer", $"{Keys()}<issuers><issuer>https://issuer.example</issuer></issuers>", $"Bearer {token}", "passed");
        Row("other issuer", $"{Keys()}<issuers><issuer>https://other.example</issuer></issuers>", $"Bearer {token}", "TokenIssuerNotAllowed");
        // claims
        Row("claim there", Claim("<claim name=\"sub\" match=\"all\" />"), $"Bearer {token}", "passed");
        Row("claim missing", Claim("<claim name=\"nope\" match=\"all\" />"), $"Bearer {token}", "TokenClaimNotFound");
        Row("claim value", Claim("<claim name=\"sub\"><value>me</value></claim>"), $"Bearer {token}", "passed");
        Row("claim number", Claim("<claim name=\"n\"><value>5</value></claim>"), $"Bearer {token}", "passed");
        Row("all of a list", Claim("<claim name=\"roles\" match=\"all\"><value>a</value><value>b</value></claim>"), $"Bearer {token}", "passed");
        Row("not all of a list", Claim("<claim name=\"roles\" match=\"all\"><value>a</value><value>c</value></claim>"), $"Bearer {token}", "TokenClaimValueNotAllowed");
        Row("any of a list", Claim("<claim name=\"roles\" match=\"any\"><value>c</value><value>b</value></claim>"), $"Bearer {token}", "passed");
        Row("none of a list", Claim("<claim name=\"roles\" match=\"any\"><value>c</value><value>d</value></claim>"), $"Bearer {token}", "TokenClaimValueNotAllowed");
        Row("separated by spaces", Claim("<claim name=\"scp\" match=\"all\" separator=\" \"><value>write</value></claim>"), $"Bearer {token}", "passed");
        Row("not separated", Claim("<claim name=\"scp\" match=\"all\"><value>write</value></claim>"), $"Bearer {token}", "TokenClaimValueNotAllowed");
        return data;
    }

    private static string Swap(string token, string other)
    {
        var (mine, theirs) = (token.Split('.'), other.Split('.'));
        return $"{mine[0]}.{theirs[1]}.{mine[2]}";
    }

    private static string Keys(string? id = null) =>
        $"<issuer-signing-keys><key{(id is null ? "" : $" id=\"{id}\"")}>{TokenMint.SecretKey}</key></issuer-signing-keys>";

    private static string OfIssuer(TokenIssuerServer issuer) =>
        $"<validate-jwt header-name=\"Authorization\"><openid-config url=\"{issuer.Configuration}\" /><audiences><audience>api</audience></audiences></validate-jwt>";

    private static async Task<string> WhyAsync(PolicyExchange edge, string token, string query = "")
    {
        using var response = await edge.Gateway.GetAsync($"/a/json{query}", request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
        return response.Headers.TryGetValues("X-Why", out var why) ? why.Single().Split(' ')[1] : "passed";
    }
}
