using System.Net;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Requests;

/// <summary>The gateway's own answers, to the byte.</summary>
public sealed class GatewayAnswersTests : IAsyncLifetime
{
    private const string NotFound = "{ \"statusCode\": 404, \"message\": \"Resource not found\" }";

    private const string KeyMissing =
        "{ \"statusCode\": 401, \"message\": \"Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.\" }";

    private const string KeyInvalid =
        "{ \"statusCode\": 401, \"message\": \"Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.\" }";

    private TestBackend _backend = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _gateway = await TestGateway.StartAsync(new TestPublication
        {
            Apis =
            [
                TestPublication.Api("shop/eu", _backend.Url, TestPublication.Operation("GET", "/json")) with { SubscriptionRequired = true },
                TestPublication.Api("keyed", _backend.Url) with { SubscriptionRequired = true, KeyHeader = "X-Partner-Token", KeyQuery = "token" },
                TestPublication.Api("secure", _backend.Url) with { Protocols = ["https"] },
            ],
            Subscriptions = [TestPublication.Subscription("me", "/apis")],
        });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/shop/eu/other")]
    [InlineData("POST", "/shop/eu/json")]
    [InlineData("GET", "/secure/x")]
    [InlineData("GET", "/status-0123456789abcdef/")]
    public async Task Request_that_matches_nothing_gets_404(string method, string target)
    {
        var answer = await _gateway.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        var (head, body) = Split(answer);
        Assert.Equal(NotFound, body);
        Assert.Equal(["HTTP/1.1 404 Not Found", "Connection: close", $"Content-Length: {NotFound.Length}", "Content-Type: application/json"], Without("Date", head));
    }

    [Theory]
    [InlineData("GET /shop/eu/json", "", KeyMissing, "shop/eu", "Ocp-Apim-Subscription-Key")]
    [InlineData("GET /shop/eu/json", "Ocp-Apim-Subscription-Key: wrong\r\n", KeyInvalid, "shop/eu", "Ocp-Apim-Subscription-Key")]
    [InlineData("GET /shop/eu/json?subscription-key=wrong", "", KeyInvalid, "shop/eu", "Ocp-Apim-Subscription-Key")]
    [InlineData("GET /keyed/json", "Ocp-Apim-Subscription-Key: me-1\r\n", KeyMissing, "keyed", "X-Partner-Token")]
    [InlineData("GET /keyed/json?token=wrong", "", KeyInvalid, "keyed", "X-Partner-Token")]
    public async Task Request_without_a_good_key_gets_401(string request, string headers, string expected, string path, string name)
    {
        var answer = await _gateway.SendRawAsync($"{request} HTTP/1.1\r\nHost: gateway.example:8080\r\nConnection: close\r\n{headers}\r\n");

        var (head, body) = Split(answer);
        Assert.Equal(expected, body);
        Assert.Equal(
            [
                "HTTP/1.1 401 Unauthorized", "Connection: close", $"Content-Length: {expected.Length}", "Content-Type: application/json",
                $"WWW-Authenticate: AzureApiManagementKey realm=\"https://gateway.example:8080/{path}\",name=\"{name}\",type=\"header\"",
            ],
            Without("Date", head));
    }

    [Fact]
    public void Lengths_are_those_of_the_reference_product()
    {
        Assert.Equal(54, NotFound.Length);
        Assert.Equal(152, KeyMissing.Length);
        Assert.Equal(143, KeyInvalid.Length);
    }

    [Theory]
    [InlineData("GET", "/shop/eu/json", "me-1")]
    [InlineData("GET", "/shop/eu/json", "me-2")]
    [InlineData("GET", "/shop/eu/json?subscription-key=me-1", null)]
    public async Task Request_with_a_good_key_is_served(string method, string target, string? key)
    {
        using var response = await _gateway.SendAsync(new HttpMethod(method), target, request =>
        {
            if (key is not null)
            {
                request.Headers.Add("Ocp-Apim-Subscription-Key", key);
            }
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Each_request_of_a_connection_is_judged_by_its_own_key()
    {
        static string Request(string key, string last = "") => $"GET /shop/eu/json HTTP/1.1\r\nHost: a\r\nOcp-Apim-Subscription-Key: {key}\r\n{last}\r\n";
        var answer = await _gateway.SendRawAsync(
            Request("me-1") + Request("me-1") + Request("me-9") + Request("me-2") + Request("me-1") + Request("me-10", "Connection: close\r\n"));

        Assert.Equal(
            ["200", "200", "401", "200", "200", "401"],
            answer.Split("HTTP/1.1 ").Skip(1).Select(response => response[..3]));
    }

    [Fact]
    public async Task Https_only_api_is_served_over_https()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.TlsUrl, "/secure/json"));
        using var response = await _gateway.Client.SendAsync(request, CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Refusal_runs_the_on_error_section()
    {
        var policy = PolicyXml.Tree(
            "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /><set-header name=\"X-Refused\"><value>yes</value></set-header></on-error></policies>");
        await _gateway.ApplyAsync(new TestPublication
        {
            Number = 2,
            Service = new ServiceChunk { ServiceName = "gateway", Policy = policy },
            Apis = [TestPublication.Api("shop", _backend.Url, TestPublication.Operation("GET", "/json")) with { SubscriptionRequired = true }],
        });

        foreach (var target in (string[])["/nothing", "/shop/nothing", "/shop/json"])
        {
            using var response = await _gateway.GetAsync(target);
            Assert.Equal("yes", response.Headers.GetValues("X-Refused").Single());
        }
    }

    [Theory]
    [InlineData("/status-0123456789abcdef", 200)]
    [InlineData("/status-0123456789abcdef?x=1", 200)]
    [InlineData("/STATUS-0123456789abcdef", 404)]
    public async Task Status_path_is_answered_with_200_and_nothing_else(string target, int expected)
    {
        var answer = await _gateway.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer);
        Assert.Equal(expected == 200, Split(answer).Body.Length == 0);
    }

    [Theory]
    [InlineData("/status-0123456789abcdef")]
    [InlineData("/shop/json")]
    [InlineData("/")]
    public async Task Gateway_without_a_publication_answers_503(string target)
    {
        await using var empty = await TestGateway.StartAsync(null);

        using var response = await empty.GetAsync(target);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("{ \"statusCode\": 503, \"message\": \"Service unavailable\" }", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Gateway_that_drains_serves_but_says_that_it_is_not_ready()
    {
        _gateway.Drain.Begin();

        using var status = await _gateway.GetAsync("/status-0123456789abcdef");
        using var served = await _gateway.GetAsync("/shop/eu/json?subscription-key=me-1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Request_in_flight_ends_well_while_the_gateway_stops()
    {
        var pending = _gateway.GetTextAsync("/keyed/gate?token=me-1");
        await Eventually.HoldsAsync(() => _backend.Requests == 1, "the request reaches the backend");

        var stopping = _gateway.StopAsync();
        Assert.False(stopping.IsCompleted);
        _backend.Gate.Release();

        Assert.Equal("through", await pending);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _gateway.Drain.LiveRequests);
        Assert.True(_gateway.Drain.IsDraining);
        Assert.True(_gateway.Get<Gateway.Hosting.Diagnostics.Readiness>().IsDraining);
    }

    [Fact]
    public async Task Request_under_way_keeps_the_publication_it_began_with()
    {
        var pending = _gateway.GetTextAsync("/keyed/gate?token=me-1");
        await Eventually.HoldsAsync(() => _backend.Requests == 1, "the request reaches the backend");

        await _gateway.ApplyAsync(new TestPublication { Number = 2 });
        using var after = await _gateway.GetAsync("/keyed/gate?token=me-1");
        _backend.Gate.Release();

        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        Assert.Equal("through", await pending);
    }

    private static (string[] Head, string Body) Split(string answer)
    {
        var parts = answer.Split("\r\n\r\n", 2);
        return (parts[0].Split("\r\n"), parts[1]);
    }

    private static IEnumerable<string> Without(string header, string[] head) =>
        head.Take(1).Concat(head.Skip(1).Where(line => !line.StartsWith(header + ":", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}
