using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Backends;

/// <summary>What a backend gets to see.</summary>
public sealed class ForwardedRequestTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("/shop/echo", "/base/echo")]
    [InlineData("/shop/echo/", "/base/echo/")]
    [InlineData("/SHOP/Echo", "/base/Echo")]
    [InlineData("/shop", "/base")]
    [InlineData("/shop/", "/base/")]
    [InlineData("/shop//a", "/base//a")]
    [InlineData("/shop/a%20b/%C3%A9?x=%2F..%5c&y=a+b#no", "/base/a%20b/%C3%A9?x=%2F..%5c&y=a+b")]
    [InlineData("/shop/a;b=1,2/%41?", "/base/a;b=1,2/%41?")]
    [InlineData("/shop/100%25/%", "/base/100%25/%")]
    [InlineData("/s%68op/x", "/base/x")]
    public async Task Path_and_query_arrive_as_they_were_sent(string sent, string expected)
    {
        await using var gateway = await StartAsync();

        var answer = await gateway.SendRawAsync($"GET {sent.Split('#')[0]} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Contains($"GET {expected} HTTP/1.1\n", answer);
    }

    [Theory]
    [InlineData("/shop", "/")]
    [InlineData("/shop?a=1", "/?a=1")]
    [InlineData("/shop/", "/")]
    public async Task Root_of_an_api_is_that_of_a_backend_without_a_path(string sent, string expected)
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("shop", _backend.Url, TestPublication.Operation("GET", "/"))] });

        Assert.StartsWith($"GET {expected} HTTP/1.1\n", await gateway.GetTextAsync(sent));
    }

    [Fact]
    public async Task Host_is_the_backends_and_the_client_is_appended_to_the_list_of_addresses()
    {
        await using var gateway = await StartAsync();

        var echo = await gateway.GetTextAsync("/shop/echo", request => request.Headers.Add("X-Forwarded-For", "192.0.2.1, 192.0.2.2"));

        Assert.Contains($"\nHost: {_backend.Url["http://".Length..]}\n", echo);
        Assert.Contains("\nX-Forwarded-For: 192.0.2.1, 192.0.2.2, 127.0.0.1\n", echo);
    }

    [Fact]
    public async Task Key_is_forwarded_in_header_and_query()
    {
        await using var gateway = await StartAsync(required: true);

        var echo = await gateway.GetTextAsync("/shop/echo?subscription-key=x", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "me-1"));

        Assert.StartsWith("GET /base/echo?subscription-key=x ", echo);
        Assert.Contains("\nOcp-Apim-Subscription-Key: me-1\n", echo);
    }

    [Fact]
    public async Task Headers_for_the_next_hop_only_are_not_forwarded()
    {
        await using var gateway = await StartAsync();

        // The server forgets the other names when it finds close or keep-alive among them: here there are none.
        var answer = await gateway.SendRawAsync(
            "GET /shop/echo HTTP/1.1\r\nHost: a\r\nConnection: X-Private, x-more\r\nX-Private: 1\r\nX-More: 1\r\nKeep-Alive: 5\r\nTE: gzip\r\n"
            + "Proxy-Authorization: Basic x\r\nProxy-Connection: keep-alive\r\nX-Public: 2\r\n\r\n"
            + "GET /status-0123456789abcdef HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Contains("\nX-Public: 2\n", answer);
        Assert.DoesNotContain("X-Private", answer);
        Assert.DoesNotContain("X-More", answer);
        Assert.DoesNotContain("Keep-Alive", answer);
        Assert.DoesNotContain("TE:", answer);
        Assert.DoesNotContain("Proxy-", answer);
    }

    [Fact]
    public async Task Client_cannot_take_away_a_header_that_a_policy_sets()
    {
        await using var gateway = await StartAsync(policy: PolicyXml.Inbound("<set-header name=\"X-User\"><value>from policy</value></set-header>"));

        var answer = await gateway.SendRawAsync(
            "GET /shop/echo HTTP/1.1\r\nHost: a\r\nConnection: X-User\r\nX-User: forged\r\n\r\n"
            + "GET /status-0123456789abcdef HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Contains("\nX-User: from policy\n", answer);
    }

    [Fact]
    public async Task Answers_headers_for_the_next_hop_only_are_not_forwarded()
    {
        await using var backend = new RawBackend("HTTP/1.1 200 OK\r\nConnection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: 5\r\nX-Public: 2\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });

        using var response = await gateway.GetAsync("/x");

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.Contains("X-Public"));
        Assert.False(response.Headers.Contains("Keep-Alive"));
        Assert.False(response.Headers.Contains("X-Private"));
    }

    [Fact]
    public async Task Requests_header_bytes_that_are_not_ascii_pass_and_policies_read_and_write_them_as_utf_8()
    {
        await using var backend = new RawBackend("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        var policy = CompiledPolicy.OfSections(
            """
            <set-header name="X-Policy"><value>café ’</value></set-header>
            <set-header name="X-Copy"><value>@(context.Request.Headers["X-Utf8"][0] + context.Request.Headers.GetValueOrDefault("X-Latin") + context.Request.Headers["X-Utf8"][0].Length)</value></set-header>
            """,
            null, null, null, []);
        await using var gateway = await TestGateway.StartAsync(
            new TestPublication { Apis = [TestPublication.Api("", backend.Url) with { Policy = policy.Tree }], Programs = [.. policy.Programs] });

        // As UTF-8, and a byte that no UTF-8 has.
        var answer = await gateway.SendRawAsync("GET /x HTTP/1.1\r\nHost: a\r\nX-Utf8: caf\u00c3\u00a9\r\nX-Latin: caf\u00e9\r\nConnection: close\r\n\r\n");

        Assert.EndsWith("ok", answer, StringComparison.Ordinal);
        Assert.Contains("X-Utf8: caf\u00c3\u00a9", backend.Head);
        Assert.Contains("X-Latin: caf\u00e9", backend.Head);
        Assert.Contains("X-Policy: caf\u00c3\u00a9 \u00e2\u0080\u0099", backend.Head);
        Assert.Contains("X-Copy: caf\u00c3\u00a9caf\u00c3\u00a94", backend.Head);
    }

    [Fact]
    public async Task Answers_header_bytes_that_are_not_ascii_pass()
    {
        await using var gateway = await StartAsync();

        Assert.Contains("X-Latin: caf\u00e9\r\n", await gateway.SendRawAsync("GET /plain/latin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task Headers_of_the_gateway_itself_are_not_in_answers()
    {
        await using var gateway = await StartAsync();

        using var response = await gateway.GetAsync("/plain/status/200");

        Assert.Equal(["Date"], response.Headers.Select(header => header.Key).Where(name => name != "Server").Order());
        Assert.False(response.Headers.Contains("Via"));
    }

    [Fact]
    public async Task Credentials_of_a_backend_replace_the_clients()
    {
        var service = new ServiceChunk
        {
            ServiceName = "gateway",
            Backends =
            [
                new BackendEntry
                {
                    Id = "orders",
                    Url = _backend.Url + "/orders/",
                    Headers = [new NamedValues("X-Api-Key", ["one", "two"])],
                    Query = [new NamedValues("code", ["a&b"])],
                    Authorization = "Bearer backend",
                },
            ],
        };
        await using var gateway = await StartAsync(service: service, policy: PolicyXml.Inbound("<set-backend-service backend-id=\"orders\" />"));

        var echo = await gateway.GetTextAsync("/shop/echo?x=1", request =>
        {
            request.Headers.Add("X-Api-Key", "client");
            request.Headers.Add("Authorization", "Bearer client");
        });

        Assert.StartsWith("GET /orders/echo?x=1&code=a%26b ", echo);
        Assert.Contains("\nX-Api-Key: one,two\n", echo.Replace("X-Api-Key: one\nX-Api-Key: two", "X-Api-Key: one,two").Replace("one, two", "one,two"));
        Assert.Contains("\nAuthorization: Bearer backend\n", echo);
        Assert.DoesNotContain("client", echo.Replace("127.0.0.1", ""));
    }

    [Theory]
    [InlineData(true, true, 500)]
    [InlineData(false, true, 200)]
    public async Task Certificate_of_a_backend_is_judged_as_its_resource_says(bool chain, bool name, int expected)
    {
        var service = new ServiceChunk
        {
            ServiceName = "gateway",
            Backends = [new BackendEntry { Id = "tls", Url = _backend.TlsUrl, ValidateCertificateChain = chain, ValidateCertificateName = name }],
        };
        await using var gateway = await StartAsync(service: service, policy: PolicyXml.Inbound("<set-backend-service backend-id=\"tls\" />"));

        using var response = await gateway.GetAsync("/shop/json");

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Trace_of_the_client_reaches_the_backend()
    {
        const string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var gateway = await StartAsync();

        Assert.Contains($"\ntraceparent: {parent}\n", await gateway.GetTextAsync("/shop/echo", request => request.Headers.Add("traceparent", parent)));
    }

    private Task<TestGateway> StartAsync(bool required = false, string? policy = null, ServiceChunk? service = null) =>
        TestGateway.StartAsync(new TestPublication
        {
            Service = service ?? new ServiceChunk { ServiceName = "gateway" },
            Apis =
            [
                TestPublication.Api("plain", _backend.Url),
                TestPublication.Api("shop", _backend.Url + "/base/") with { SubscriptionRequired = required, Policy = policy },
            ],
            Subscriptions = [TestPublication.Subscription("me", "/apis")],
        });
}
