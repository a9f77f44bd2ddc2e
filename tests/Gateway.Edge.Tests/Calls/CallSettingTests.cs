using System.Collections.Concurrent;
using System.Text;
using Gateway.Edge.Calls;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Edge.Tests.Calls;

/// <summary>What the other end sees of calls that policies make, of proxies and of the identities that they give requests.</summary>
public sealed class CallSettingTests : IAsyncLifetime
{
    private TestBackend _backend = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _receiver = await Receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("", "<set-method>PUT</set-method><set-header name=\"X-Mine\" exists-action=\"override\"><value>1</value></set-header><set-body>made</set-body>", "PUT /one X-Mine=1 made")]
    [InlineData("mode=\"new\"", "<set-method>@(context.Request.Method)</set-method><set-header name=\"@(\"X-Mine\")\" exists-action=\"skip\"><value>@(context.Api.Id)</value></set-header><set-body>@(new byte[] { 65, 66 })</set-body>", "POST /one X-Mine=a AB")]
    [InlineData("", "<set-body template=\"liquid\">{{ context.Request.Method }}</set-body><set-method>POST</set-method>", "POST /one X-Mine= POST")]
    [InlineData("", "", "GET /one X-Mine= ")]
    [InlineData("mode=\"copy\"", "", "POST /one X-Mine=client body of the client")]
    [InlineData("mode=\"copy\"", "<set-header name=\"X-Mine\" exists-action=\"append\"><value>more</value></set-header><set-body>made</set-body><set-method>PATCH</set-method>", "PATCH /one X-Mine=client,more made")]
    [InlineData("mode=\"@(\"copy\")\"", "<set-header name=\"X-Mine\" exists-action=\"delete\" />", "POST /one X-Mine= body of the client")]
    public async Task One_way_call_arrives_as_the_policy_says(string attributes, string children, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<send-one-way-request {attributes}><set-url>{_receiver.Url}/one</set-url>{children}</send-one-way-request>");

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/json", request =>
        {
            request.Headers.Add("X-Mine", "client");
            request.Content = new StringContent("body of the client", Encoding.UTF8, "text/plain");
        });

        Assert.Equal("""{"from":"backend"}""", await response.Content.ReadAsStringAsync());
        await Eventually.HoldsAsync(() => !_receiver.Got.IsEmpty, "the call arrives");
        Assert.Equal(expected, Assert.Single(_receiver.Got));
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("timeout=\"1\"")]
    [InlineData("timeout=\"@(context.Api.Id.Length)\"")]
    public async Task One_way_call_is_given_up_after_its_timeout(string attribute)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<send-one-way-request {attribute}><set-url>{{backend}}/hang</set-url></send-one-way-request>");

        Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));

        await Eventually.HoldsAsync(() => _backend.Aborts == 1, "the backend sees the call end");
        await Eventually.HoldsAsync(() => gateway.Get<OneWayCalls>().Live == 0, "the call is over");
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Copy_in_outbound_has_no_body_and_the_headers_of_the_request()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, outbound: $"<send-request mode=\"copy\" response-variable-name=\"r\"><set-url>{_receiver.Url}/copy</set-url></send-request>");

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/json", request =>
        {
            request.Headers.Add("X-Mine", "client");
            request.Content = new StringContent("body of the client");
        });

        Assert.Equal("""{"from":"backend"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("POST /copy X-Mine=client ", Assert.Single(_receiver.Got));
    }

    [Theory]
    [InlineData("username=\"me\" password=\"s:cret\"", "200 Basic bWU6czpjcmV0")]
    [InlineData("username=\"@(\"m\" + \"e\")\" password=\"@(\"s:\" + \"cret\")\"", "200 Basic bWU6czpjcmV0")]
    [InlineData("username=\"me\" password=\"wrong\"", "407")]
    [InlineData("", "407")]
    public async Task Proxy_that_asks_for_it_gets_name_and_password(string attributes, string expected)
    {
        _receiver.AsksFor = "Basic bWU6czpjcmV0";
        var proxy = $"<proxy url=\"{_receiver.Url}\" {attributes} />";
        await using var forwarding = await PolicyEdge.StartAsync(_backend, inbound: $"{proxy}<set-backend-service base-url=\"http://far.invalid\" />");
        await using var calling = await PolicyEdge.StartAsync(
            _backend, inbound: $"<send-request response-variable-name=\"r\"><set-url>http://far.invalid/x</set-url>{proxy}</send-request><return-response response-variable-name=\"r\" />");

        foreach (var gateway in (TestGateway[])[forwarding, calling])
        {
            using var response = await gateway.GetAsync("/a/x");

            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(expected, text.Length == 0 ? $"{(int)response.StatusCode}" : $"{(int)response.StatusCode} {text}");
        }
    }

    [Theory]
    [InlineData("", "200 Basic bWU6czpjcmV0")]
    [InlineData("<proxy url=\"http://127.0.0.1:1\" />", "500 ")]
    public async Task Backend_resource_names_the_proxy_unless_a_policy_does(string policy, string expected)
    {
        _receiver.AsksFor = "Basic bWU6czpjcmV0";
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: $"{policy}<set-backend-service backend-id=\"far\" />", change: publication => publication with
        {
            Service = publication.Service with { Backends = [new() { Id = "far", Url = "http://far.invalid", Proxy = new(_receiver.Url, "me", "s:cret") }] },
        });

        using var response = await gateway.GetAsync("/a/x");

        Assert.StartsWith(expected, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", StringComparison.Ordinal);
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("username=\"user\" password=\"pass\"", "Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("username=\"@(\"us\" + \"er\")\" password=\"@(\"pass\")\"", "Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("username=\"Jörg\" password=\"\"", "Authorization: Basic SsO2cmc6")]
    public async Task Authentication_basic_replaces_what_the_client_sent(string attributes, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: $"<authentication-basic {attributes} />");

        var lines = (await gateway.GetTextAsync("/a/x", request => request.Headers.Add("Authorization", "Bearer of the client"))).Split('\n');

        Assert.Equal(expected, Assert.Single(lines, line => line.StartsWith("Authorization", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("resource=\"https://vault.example\"", "client_id=edge&scope=https%3A%2F%2Fvault.example%2F.default")]
    [InlineData("resource=\"https://vault.example\" client-id=\"\"", "client_id=edge&scope=https%3A%2F%2Fvault.example%2F.default")]
    [InlineData("resource=\"api://b\" client-id=\"other\"", "client_id=other&scope=api%3A%2F%2Fb%2F.default")]
    [InlineData("resource=\"@(\"api://\" + context.Api.Id)\" client-id=\"@(\"of-\" + context.Api.Id)\"", "client_id=of-a&scope=api%3A%2F%2Fa%2F.default")]
    public async Task Resource_and_client_reach_the_token_endpoint(string attributes, string expected)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "token");
        await File.WriteAllTextAsync(file, "platform");
        _receiver.Answer = """{"access_token":"made","expires_in":100}""";
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<authentication-managed-identity {attributes} />",
            options: new() { Identity = new() { TokenEndpoint = new Uri($"{_receiver.Url}/token"), ClientId = "edge", FederatedTokenFile = file } });

        Assert.Contains("Authorization: Bearer made", (await gateway.GetTextAsync("/a/x")).Split('\n'));
        Assert.Contains(expected, Assert.Single(_receiver.Got));
    }

    /// <summary>Notes what comes, and asks like a proxy for a user when it is told to.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app = TestServer.Builder().Build();

        public string Url { get; private set; } = "";

        public string? AsksFor { get; set; }

        public string? Answer { get; set; }

        public ConcurrentQueue<string> Got { get; } = new();

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver();
            receiver._app.Run(receiver.TakeAsync);
            await receiver._app.StartAsync();
            receiver.Url = TestServer.Addresses(receiver._app)[0].ToString().TrimEnd('/');
            return receiver;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext http)
        {
            var given = http.Request.Headers.ProxyAuthorization.ToString();
            if (AsksFor is not null && given != AsksFor)
            {
                http.Response.StatusCode = StatusCodes.Status407ProxyAuthenticationRequired;
                http.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
                return;
            }

            using var reader = new StreamReader(http.Request.Body);
            Got.Enqueue($"{http.Request.Method} {http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget} X-Mine={http.Request.Headers["X-Mine"]} {await reader.ReadToEndAsync()}");
            await http.Response.WriteAsync(Answer ?? given);
        }
    }
}
