using System.Net;
using System.Text;
using Gateway.Edge.Identity;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Identity;

public sealed class ManagedIdentityTests : IAsyncLifetime
{
    private TestBackend _backend = null!;
    private TokenProvider _provider = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _provider = await TokenProvider.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private IdentityOptions Options => new() { TokenEndpoint = _provider.Url, ClientId = "edge", ClientSecret = "s&cret" };

    [Theory]
    [InlineData("""<authentication-managed-identity resource="https://vault" />""", "Authorization: Bearer token-1")]
    [InlineData("""<authentication-managed-identity resource="@("https://" + context.Api.Id)" client-id="" output-token-variable-name="" ignore-error="false" />""", "Authorization: Bearer token-1")]
    [InlineData("""<authentication-managed-identity resource="https://vault" output-token-variable-name="t" /><set-header name="X-Token" exists-action="override"><value>@((string)context.Variables["t"])</value></set-header>""", "X-Token: token-1")]
    [InlineData("""<send-request response-variable-name="r"><set-url>{backend}/echo</set-url><authentication-managed-identity resource="https://vault" /></send-request><set-header name="X-Sent" exists-action="override"><value>@(((IResponse)context.Variables["r"]).Body.As<string>().Contains("Authorization: Bearer token-1").ToString())</value></set-header>""", "X-Sent: True")]
    [InlineData("""<authentication-managed-identity resource="https://vault" client-id="stranger" ignore-error="true" /><set-header name="X-Went" exists-action="override"><value>on</value></set-header>""", "X-Went: on")]
    public async Task Token_is_sent_or_kept(string inbound, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: inbound, options: new EdgeOptions { Identity = Options });

        for (var i = 0; i < 3; i++)
        {
            Assert.Contains(expected, (await gateway.GetTextAsync("/a/echo")).Split('\n'));
        }

        Assert.InRange(_provider.Requests, 0, 1);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Token_is_kept_where_the_response_is_dealt_with()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, options: new EdgeOptions { Identity = Options },
            outbound: """<authentication-managed-identity resource="https://vault" output-token-variable-name="t" /><set-body>@((string)context.Variables["t"])</set-body>""");

        Assert.Equal("token-1", await gateway.GetTextAsync("/a/json"));
    }

    [Fact]
    public async Task Secret_goes_to_the_endpoint_as_client_credentials()
    {
        await GetAsync(Options, "https://vault/");

        Assert.Equal("grant_type=client_credentials&client_id=edge&scope=https%3A%2F%2Fvault%2F.default&client_secret=s%26cret", _provider.LastForm);
    }

    [Fact]
    public async Task Token_file_stands_for_the_secret_and_is_read_anew()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "token");
        await File.WriteAllTextAsync(file, "platform-1\n");
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, options: new EdgeOptions { Identity = Options with { ClientSecret = null, FederatedTokenFile = file, Scope = "{resource}" } });
        var tokens = gateway.Get<TokenSource>();

        await tokens.GetAsync("a", "other");
        var first = _provider.LastForm;
        await File.WriteAllTextAsync(file, "platform-2");
        await tokens.GetAsync("b", null);

        Assert.Equal("grant_type=client_credentials&client_id=other&scope=a&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=platform-1", first);
        Assert.EndsWith("client_id=edge&scope=b&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=platform-2", _provider.LastForm);
    }

    [Fact]
    public async Task Token_is_renewed_behind_the_requests_and_not_used_beyond_its_end()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var gateway = await PolicyEdge.StartAsync(_backend, options: new EdgeOptions { Identity = Options }, time: time);
        var tokens = gateway.Get<TokenSource>();
        Assert.Equal("token-1", await tokens.GetAsync("r", null));
        time.Advance(TimeSpan.FromSeconds(79));
        Assert.Equal("token-1", await tokens.GetAsync("r", null));
        Assert.Equal(1, _provider.Requests);

        time.Advance(TimeSpan.FromSeconds(2));
        var pending = tokens.GetAsync("r", null);
        Assert.True(pending.IsCompletedSuccessfully);
        await Eventually.HoldsAsync(() => tokens.GetAsync("r", null) is { IsCompletedSuccessfully: true, Result: "token-2" }, "the new token is used");

        _provider.Status = 500;
        time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal("token-2", await tokens.GetAsync("r", null));
        await Eventually.HoldsAsync(() => _provider.Requests == 3, "a renewal is tried");
        time.Advance(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<TokenException>(async () => await tokens.GetAsync("r", null));
    }

    [Fact]
    public async Task Many_requests_wait_for_one_token_and_a_failure_is_not_asked_for_again_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var gateway = await PolicyEdge.StartAsync(_backend, options: new EdgeOptions { Identity = Options }, time: time);
        var tokens = gateway.Get<TokenSource>();
        _provider.Status = 400;
        _provider.Body = """{"error":"invalid_client","error_description":"the secret s&cret is wrong"}""";

        for (var i = 0; i < 5; i++)
        {
            var failure = await Assert.ThrowsAsync<TokenException>(async () => await tokens.GetAsync("r", null));
            Assert.Equal("The token endpoint answered with status 400 (invalid_client).", failure.Message);
        }

        Assert.Equal(1, _provider.Requests);
        (_provider.Status, _provider.Body) = (200, null);
        time.Advance(TimeSpan.FromSeconds(6));
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.GetAsync("r", null).AsTask()));
        Assert.All(all, token => Assert.Equal("token-2", token));
    }

    [Theory]
    [InlineData(200, "no json", "The token endpoint answered with status 200 and no JSON.")]
    [InlineData(200, "[]", "The token endpoint answered without a usable access_token.")]
    [InlineData(200, """{"access_token":"a\r\nX-Evil: 1"}""", "The token endpoint answered without a usable access_token.")]
    [InlineData(200, """{"access_token":""}""", "The token endpoint answered without a usable access_token.")]
    [InlineData(500, """{"error":{"code":1}}""", "The token endpoint answered with status 500.")]
    public async Task Answer_that_is_no_token_is_refused(int status, string body, string message)
    {
        (_provider.Status, _provider.Body) = (status, body);

        var failure = await Assert.ThrowsAsync<TokenException>(async () => await GetAsync(Options, "r"));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task Edge_without_an_identity_answers_500_and_says_why_to_on_error()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: """<authentication-managed-identity resource="r" />""", onError: """<set-body>@($"{context.LastError.Source} {context.LastError.Reason} {context.LastError.Message}")</set-body>""");

        using var response = await gateway.GetAsync("/a/echo");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(
            "authentication-managed-identity TokenNotAvailable This edge has no identity: Gateway:Identity:TokenEndpoint is not set.", await response.Content.ReadAsStringAsync());
    }

    private async Task<string> GetAsync(IdentityOptions options, string resource)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, options: new EdgeOptions { Identity = options });
        return await gateway.Get<TokenSource>().GetAsync(resource, null);
    }

    /// <summary>A token endpoint: each token has its number and lives for 100 s.</summary>
    private sealed class TokenProvider : IAsyncDisposable
    {
        private readonly WebApplication _app = TestServer.Builder().Build();
        private int _requests;

        public Uri Url { get; private set; } = null!;

        public int Requests => Volatile.Read(ref _requests);

        public string LastForm { get; private set; } = "";

        public int Status { get; set; } = 200;

        public string? Body { get; set; }

        public static async Task<TokenProvider> StartAsync()
        {
            var provider = new TokenProvider();
            provider._app.Run(provider.AnswerAsync);
            await provider._app.StartAsync();
            provider.Url = new Uri(TestServer.Addresses(provider._app)[0], "/token");
            return provider;
        }

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext http)
        {
            var number = Interlocked.Increment(ref _requests);
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            LastForm = await reader.ReadToEndAsync();
            http.Response.StatusCode = Status;
            await http.Response.WriteAsync(Body ?? $$"""{"access_token":"token-{{number}}","expires_in":"100","token_type":"Bearer"}""");
        }
    }
}
