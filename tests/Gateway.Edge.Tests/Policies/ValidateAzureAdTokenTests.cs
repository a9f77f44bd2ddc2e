using System.Text.Json.Nodes;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Tokens of a Microsoft Entra tenant, whose authority is a server of the test.</summary>
public sealed class ValidateAzureAdTokenTests : IAsyncLifetime
{
    private const string Issuer = "https://login.example/(tenant)/v2.0";
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private TokenIssuerServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TokenIssuerServer.StartAsync();
        _server.Issuer = Issuer;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("t1", "t1", "passed")]
    [InlineData("t2", "t2", "TokenIssuerNotAllowed")]
    [InlineData("@(\"t\" + context.Api.Id.Length)", "t1", "passed")]
    [InlineData("@(\"t\" + (context.Api.Id.Length + 1))", "t2", "TokenIssuerNotAllowed")]
    [InlineData("shop.example", "shop.example", "TokenIssuerNotAllowed")]
    public async Task Token_of_the_named_tenant_passes_only(string tenant, string asked, string expected)
    {
        await using var edge = await StartAsync($"tenant-id=\"{tenant}\"");

        Assert.Equal(expected, await WhyAsync(edge, Token()));
        Assert.Equal(expected, await WhyAsync(edge, Token()));
        Assert.Equal($"/{asked}/v2.0/.well-known/openid-configuration", Assert.Single(_server.Asked));
    }

    [Theory]
    [InlineData("", "/a/x", "Authorization", "Bearer ")]
    [InlineData("header-name=\"X-Token\"", "/a/x", "X-Token", "")]
    [InlineData("header-name=\"@(&quot;X-&quot; + &quot;Token&quot;)\"", "/a/x", "X-Token", "Bearer ")]
    [InlineData("query-parameter-name=\"token\"", "/a/x?a=1&token=", null, "")]
    [InlineData("token-value=\"@(context.Request.Headers.GetValueOrDefault(&quot;X-Token&quot;).Substring(4))\"", "/a/x", "X-Token", "abc ")]
    public async Task Token_is_found_where_the_policy_says_and_given_on_as_a_variable(string place, string target, string? header, string prefix)
    {
        await using var edge = await StartAsync(
            $"tenant-id=\"t1\" {place} output-token-variable-name=\"jwt\"",
            after: "<set-header name=\"X-Out\" exists-action=\"override\"><value>@(((Jwt)context.Variables[\"jwt\"]).Subject + ((Jwt)context.Variables[\"jwt\"]).Claims.GetValueOrDefault(\"roles\"))</value></set-header>");
        var token = Token();
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

    [Theory]
    [InlineData("", null, "401 { \"statusCode\": 401, \"message\": \"JWT not present.\" }")]
    [InlineData("header-name=\"X-Token\"", "Bearer x", "401 { \"statusCode\": 401, \"message\": \"JWT not present.\" }")]
    [InlineData("", "Bearer x", "401 { \"statusCode\": 401, \"message\": \"The token is no well-formed JWT. Access denied.\" }")]
    [InlineData("failed-validation-httpcode=\"403\"", null, "403 { \"statusCode\": 403, \"message\": \"JWT not present.\" }")]
    [InlineData("failed-validation-error-message=\"Go away\"", "Bearer x", "401 { \"statusCode\": 401, \"message\": \"Go away\" }")]
    [InlineData("failed-validation-httpcode=\"@(400 + 9)\" failed-validation-error-message=\"@(&quot;No &quot; + context.Api.Id)\"", null, "409 { \"statusCode\": 409, \"message\": \"No a\" }")]
    public async Task Refusal_is_the_authors(string attributes, string? authorization, string expected)
    {
        await using var edge = await StartAsync($"tenant-id=\"t1\" {attributes}");

        Assert.Equal(expected, await edge.AnswerAsync("/a/json", request =>
        {
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }
        }));
        Assert.Equal(0, edge.Backend.Requests);
    }

    [Theory]
    [InlineData("backend-application-ids", "api", "azp", "passed")]
    [InlineData("backend-application-ids", "other", "azp", "TokenAudienceNotAllowed")]
    [InlineData("backend-application-ids", "@(context.Api.Id + \"pi\")", "azp", "passed")]
    [InlineData("client-application-ids", "app-1", "appid", "passed")]
    [InlineData("client-application-ids", "APP-1", "appid", "passed")]
    [InlineData("client-application-ids", "app-2", "appid", "TokenClaimValueNotAllowed")]
    [InlineData("client-application-ids", "@(\"app-\" + context.Api.Id.Length)", "appid", "passed")]
    [InlineData("client-application-ids", "@(\"app-\" + context.Api.Name)", "azp", "TokenClaimValueNotAllowed")]
    [InlineData("client-application-ids", "app-1", "none", "TokenClaimNotFound")]
    public async Task Applications_are_judged(string list, string id, string claim, string expected)
    {
        await using var edge = await StartAsync("tenant-id=\"t1\"", $"<{list}><application-id>x</application-id><application-id>{id}</application-id></{list}>");

        Assert.Equal(expected, await WhyAsync(edge, Token(claim)));
        Assert.Equal(expected, await WhyAsync(edge, Token(claim)));
    }

    [Fact]
    public async Task Application_of_a_token_of_version_2_is_not_that_of_version_1()
    {
        await using var edge = await StartAsync("tenant-id=\"t1\"", "<client-application-ids><application-id>app-1</application-id></client-application-ids>");
        var claims = Claims("appid");
        claims["azp"] = "app-2";

        Assert.Equal("TokenClaimValueNotAllowed", await WhyAsync(edge, _server.Mint.Rs256(claims)));
    }

    private static JsonObject Claims(string client)
    {
        var claims = TokenMint.Claims(s_now);
        (claims["iss"], claims["tid"], claims[client]) = ("https://login.example/t1/v2.0", "t1", "app-1");
        return claims;
    }

    private static async Task<string> WhyAsync(PolicyExchange edge, string token)
    {
        using var response = await edge.Gateway.GetAsync("/a/json", request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
        return response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : response.IsSuccessStatusCode ? "passed" : "failed";
    }

    private string Token(string client = "azp") => _server.Mint.Rs256(Claims(client));

    private Task<PolicyExchange> StartAsync(string attributes, string children = "", string after = "") => PolicyExchange.StartAsync(
        inbound: $"<validate-azure-ad-token {attributes}>{children}</validate-azure-ad-token>{after}",
        onError: "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Reason)</value></set-header>",
        options: new() { EntraAuthority = _server.Url });
}
