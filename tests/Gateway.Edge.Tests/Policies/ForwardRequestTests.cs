using System.Net;
using System.Text;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class ForwardRequestTests : IAsyncLifetime
{
    private TestBackend _backend = null!;
    private TestBackend _other = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _other = await TestBackend.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("timeout=\"1\"")]
    [InlineData("timeout-ms=\"300\"")]
    [InlineData("timeout-ms=\"@(100 + context.Api.Id.Length)\"")]
    public async Task Answer_that_does_not_begin_in_time_is_a_timeout(string attributes)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: $"<forward-request {attributes} />", onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""");

        Assert.Equal("forward-request Timeout", await gateway.GetTextAsync("/a/hang"));
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("", 302)]
    [InlineData("follow-redirects=\"false\"", 302)]
    [InlineData("follow-redirects=\"true\"", 200)]
    [InlineData("follow-redirects=\"@(context.Request.Method == &quot;GET&quot;)\"", 200)]
    public async Task Redirects_are_followed_when_asked_for(string attributes, int status)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: $"<forward-request {attributes} />");

        using var response = await gateway.GetAsync("/a/redirect/302?to=/json");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? """{"from":"backend"}""" : "", await response.Content.ReadAsStringAsync());
        Assert.Equal(status == 302, response.Headers.Location is not null);
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(301, "GET", "")]
    [InlineData(302, "GET", "")]
    [InlineData(303, "GET", "")]
    [InlineData(307, "POST", "hello")]
    [InlineData(308, "POST", "hello")]
    public async Task Redirected_post_keeps_its_body_where_the_status_says_so(int status, string method, string body)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: "<forward-request follow-redirects=\"true\" />");
        foreach (var isChunked in (bool[])[false, true])
        {
            foreach (var to in (string[])["/echo", "/mirror"])
            {
                using var response = await gateway.SendAsync(HttpMethod.Post, $"/a/redirect/{status}?to={to}", request =>
                {
                    request.Content = new StringContent("hello", Encoding.UTF8, "text/plain");
                    request.Headers.TransferEncodingChunked = isChunked;
                });

                var text = await response.Content.ReadAsStringAsync();
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(to == "/mirror" ? body : $"{method} /echo HTTP/1.1", text.Split('\n')[0]);
            }
        }

        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Other_host_gets_no_credentials_and_expressions_see_the_first()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            toBackend: "<forward-request follow-redirects=\"true\" />",
            outbound: """<set-header name="X-Url" exists-action="override"><value>@(context.Request.Url.ToString() + " " + context.Request.Headers.GetValueOrDefault("Authorization"))</value></set-header>""");

        using var response = await gateway.GetAsync($"/a/redirect/307?to={Uri.EscapeDataString($"{_other.Url}/echo")}", request =>
        {
            request.Headers.Add("Authorization", "Bearer secret");
            request.Headers.Add("Cookie", "a=b");
            request.Headers.Add("X-Mine", "1");
        });

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(1, _other.Requests);
        Assert.DoesNotContain("secret", text);
        Assert.DoesNotContain("Cookie", text);
        Assert.Contains("X-Mine: 1", text);
        Assert.StartsWith($"{_backend.Url}/redirect/307?to=", response.Headers.GetValues("X-Url").Single());
        Assert.EndsWith(" Bearer secret", response.Headers.GetValues("X-Url").Single());
    }

    [Fact]
    public async Task Redirects_without_end_are_given_up_and_the_last_is_the_answer()
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: "<forward-request follow-redirects=\"true\" />");

        using var endless = await gateway.GetAsync("/a/redirect/self");

        Assert.Equal(HttpStatusCode.Found, endless.StatusCode);
        Assert.Equal(11, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("fail-on-error-status-code=\"true\"", "failed 404")]
    [InlineData("fail-on-error-status-code=\"@(context.Api.Id == &quot;a&quot;)\"", "failed 404")]
    [InlineData("fail-on-error-status-code=\"false\"", "")]
    public async Task Error_status_leads_to_on_error_when_asked_for(string attributes, string body)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: $"<forward-request {attributes} />", onError: """<set-body>@("failed " + context.Response.StatusCode)</set-body>""");

        using var response = await gateway.GetAsync("/a/status/404");

        Assert.Equal((HttpStatusCode.NotFound, body), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("continue-timeout=\"1\" buffer-response=\"false\" buffer-request-body=\"true\" http-version=\"1\"")]
    [InlineData("continue-timeout=\"@(2)\" buffer-response=\"@(true)\" buffer-request-body=\"@(false)\" http-version=\"2or1\"")]
    public async Task Other_attributes_let_requests_pass(string attributes)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: $"<forward-request {attributes} />");

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/mirror", request =>
        {
            request.Content = new StringContent("hello");
            request.Headers.ExpectContinue = true;
        });

        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("http", "", "HTTP/1.1")]
    [InlineData("http", "http-version=\"1\"", "HTTP/1.1")]
    [InlineData("http", "http-version=\"2or1\"", "HTTP/1.1")]
    [InlineData("http", "http-version=\"2\"", "forward-request BackendConnectionFailure")]
    [InlineData("http2", "http-version=\"2\"", "HTTP/2")]
    [InlineData("http2", "http-version=\"1\"", "An HTTP/1.x request was sent to an HTTP/2 only endpoint.")]
    [InlineData("https", "", "HTTP/2")]
    [InlineData("https", "http-version=\"1\"", "HTTP/1.1")]
    [InlineData("https", "http-version=\"2or1\"", "HTTP/2")]
    [InlineData("https", "http-version=\"2\"", "HTTP/2")]
    public async Task Http_version_is_the_one_that_the_backend_sees(string at, string attribute, string expected)
    {
        await using var plain = await TestBackend.StartAsync(plainHttp2: true);
        await using var gateway = await PolicyEdge.StartAsync(
            at == "http2" ? plain : _backend, inbound: at == "https" ? "<set-backend-service backend-id=\"tls\" />" : null, toBackend: $"<forward-request {attribute} />",
            onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""",
            change: publication => publication with
            {
                Service = publication.Service with { Backends = [new() { Id = "tls", Url = _backend.TlsUrl, ValidateCertificateChain = false, ValidateCertificateName = false }] },
            });

        var line = (await gateway.GetTextAsync("/a/echo")).Split('\n')[0];

        Assert.Equal(expected.StartsWith("HTTP", StringComparison.Ordinal) ? $"GET /echo {expected}" : expected, line);
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("buffer-request-body=\"false\"", 200)]
    [InlineData("buffer-request-body=\"true\"", 413)]
    [InlineData("buffer-request-body=\"@(context.Request.Method == \"POST\")\"", 413)]
    [InlineData("buffer-request-body=\"@(context.Request.Method != \"POST\")\"", 200)]
    public async Task Body_that_is_kept_may_be_as_long_as_may_be_kept(string attribute, int status)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: $"<forward-request {attribute} />", options: new() { BufferedRequestLimit = 100_000 });

        using var fits = await gateway.SendAsync(HttpMethod.Post, "/a/upload", request => request.Content = new ByteArrayContent(new byte[100_000]));
        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/upload", request => request.Content = new ByteArrayContent(new byte[300_000]));

        Assert.Equal((200, status), ((int)fits.StatusCode, (int)response.StatusCode));
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Answer_that_does_not_begin_in_the_usual_time_is_a_timeout()
    {
        Assert.Equal(TimeSpan.FromSeconds(300), new EdgeOptions().ActivityTimeout);
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: "<forward-request />", onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""",
            options: new() { ActivityTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("forward-request Timeout", await gateway.GetTextAsync("/a/hang"));
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Continue_timeout_is_how_long_a_silent_backend_is_waited_for()
    {
        // It never says that it wants the body.
        await using var backend = new RawBackend("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", bodyLength: 5);
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<set-backend-service base-url=\"{backend.Url}\" />", toBackend: "<forward-request continue-timeout=\"2\" />");
        var started = TimeProvider.System.GetTimestamp();

        var answer = await gateway.SendRawAsync("POST /a/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Contains("200 OK", answer);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1.9, 20);
    }
}
