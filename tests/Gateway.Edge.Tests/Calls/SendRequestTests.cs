using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Edge.Calls;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Calls;

public sealed class SendRequestTests : IAsyncLifetime
{
    private const string Say = """<return-response><set-body>@{ var r = (IResponse)context.Variables["r"]; return r == null ? "null" : r.StatusCode + " " + r.Body?.As<string>(); }</set-body></return-response>""";

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("<set-url>{backend}/json</set-url>", "", """200 {"from":"backend"}""")]
    [InlineData("<set-url>\n  {backend}/status/404\n</set-url><set-method>GET</set-method>", "mode=\"new\"", "404 ")]
    [InlineData("""<set-url>@("{backend}/echo?q=" + context.Request.OriginalUrl.Query["v"][0] + " b")</set-url><set-method>DELETE</set-method>""", "", "200 DELETE /echo?q=1%20b HTTP/1.1\nHost: *\nX-Gateway-Call-Depth: 1\n")]
    [InlineData("""<set-url>{backend}/echo</set-url><set-header name="X-A" exists-action="override"><value>1</value><value>2</value></set-header><set-header name="Host" exists-action="override"><value>inner</value></set-header>""", "", "200 GET /echo HTTP/1.1\nHost: inner\nX-A: 1,2\nX-Gateway-Call-Depth: 1\n")]
    [InlineData("""<set-url>{backend}/mirror</set-url><set-method>POST</set-method><set-header name="Content-Type" exists-action="override"><value>text/plain</value></set-header><set-body>@("length " + context.Api.Id.Length)</set-body>""", "", "200 length 1")]
    [InlineData("""<set-url>{backend}/mirror</set-url><set-method>POST</set-method><set-header name="Content-Type" exists-action="override"><value>text/plain</value></set-header><set-body template="liquid">{{ context.Api.Id | Append: "!" }} {{ context.Request.OriginalUrl.Query.v }}</set-body>""", "", "200 a! 1")]
    [InlineData("""<set-url>{backend}/echo</set-url><authentication-basic username="u" password="p:w" />""", "", "200 GET /echo HTTP/1.1\nHost: *\nAuthorization: Basic dTpwOnc=\nX-Gateway-Call-Depth: 1\n")]
    [InlineData("<set-url>http://127.0.0.1:1/</set-url>", "ignore-error=\"true\"", "null")]
    [InlineData("<set-url>{backend}/reset</set-url>", "ignore-error=\"true\"", "null")]
    [InlineData("<set-url>{backend}/hang</set-url>", "ignore-error=\"true\" timeout=\"1\"", "null")]
    [InlineData("<set-url>{backend}/hang</set-url>", "ignore-error=\"true\" timeout=\"@(context.Api.Id.Length)\"", "null")]
    public async Task Children_and_attributes_make_the_call(string children, string attributes, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<send-request response-variable-name=\"r\" {attributes}>{children}</send-request>{Say}");

        var text = await gateway.GetTextAsync("/a/x?v=1");

        Assert.Equal(expected.Replace("Host: *", $"Host: {new Uri(_backend.Url).Authority}"), text);
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("inbound", "POST /a HTTP/1.1", "hello")]
    [InlineData("on-error", "POST /a HTTP/1.1", "")]
    public async Task Mode_copy_sends_what_the_client_sent_outside_of_responses(string section, string line, string body)
    {
        const string copy = """
            <send-request mode="copy" response-variable-name="e"><set-url>{backend}/a</set-url></send-request>
            <send-request mode="copy" response-variable-name="m"><set-url>{backend}/mirror</set-url></send-request>
            <return-response><set-body>@(((IResponse)context.Variables["e"]).Body.As<string>() + "|" + ((IResponse)context.Variables["m"]).Body?.As<string>())</set-body></return-response>
            """;
        await using var gateway = section == "inbound"
            ? await PolicyEdge.StartAsync(_backend, inbound: copy)
            : await PolicyEdge.StartAsync(_backend, toBackend: "<forward-request fail-on-error-status-code=\"true\" />", onError: copy);

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/status/500", request =>
        {
            request.Headers.Add("X-Mine", "1");
            request.Headers.Add("Accept-Encoding", "gzip");
            request.Content = new StringContent("hello", Encoding.UTF8, "text/plain");
        });
        var parts = (await response.Content.ReadAsStringAsync()).Split('|');

        Assert.Equal(line, parts[0].Split('\n')[0]);
        Assert.Contains("X-Mine: 1", parts[0]);
        Assert.DoesNotContain("Accept-Encoding", parts[0]);
        Assert.Equal(body, parts[1]);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Mode_copy_without_a_url_goes_where_the_request_goes_and_leaves_its_body()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<send-request mode="copy" response-variable-name="r" /><set-header name="X-Copied" exists-action="override"><value>@(((IResponse)context.Variables["r"]).Body.As<string>())</value></set-header><rewrite-uri template="/echo" />""");

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/mirror?x=1", request => request.Content = new StringContent("hello"));

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("X-Copied: hello", text);
        Assert.Contains("Content-Length: 5", text);
    }

    [Fact]
    public async Task Answer_is_a_response_with_status_reason_headers_and_json()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<send-request response-variable-name="r"><set-url>{backend}/json</set-url></send-request><return-response><set-body>@{ var r = context.Variables.GetValueOrDefault<IResponse>("r"); return $"{r.StatusCode} {r.StatusReason} {r.Headers.GetValueOrDefault("x-backend", "none")} {r.Headers["ETag"][0]} {r.Body.As<JObject>(preserveContent: true)["from"]} {r.Body.As<JObject>()["from"]}"; }</set-body></return-response>""");

        Assert.Equal("200 OK yes \"1\" backend backend", await gateway.GetTextAsync("/a/x"));
    }

    [Fact]
    public async Task Answer_can_be_the_response()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<send-request response-variable-name="r"><set-url>{backend}/json</set-url></send-request><return-response response-variable-name="r"><set-header name="X-More" exists-action="override"><value>1</value></set-header></return-response>""");

        using var response = await gateway.GetAsync("/a/x");

        Assert.Equal("""{"from":"backend"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(("yes", "1"), (response.Headers.GetValues("X-Backend").Single(), response.Headers.GetValues("X-More").Single()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(200_000)]
    public async Task Answer_of_any_length_can_be_the_response(int length)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $$"""<send-request response-variable-name="r"><set-url>{backend}/bytes?n={{length}}</set-url></send-request><return-response response-variable-name="r" />""");

        using var response = await gateway.GetAsync("/a/x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("<set-url>{backend}/reset</set-url>", "", "send-request BackendConnectionFailure The other end could not be reached, or broke off.")]
    [InlineData("<set-url>http://no-such-host.invalid/</set-url>", "", "send-request BackendConnectionFailure The other end could not be reached, or broke off.")]
    [InlineData("<set-url>{backend}/hang</set-url>", "timeout=\"1\"", "send-request Timeout There was no whole answer within 1 s.")]
    [InlineData("<set-url>{backend}/break</set-url>", "", "send-request BackendConnectionFailure The other end could not be reached, or broke off.")]
    [InlineData("<set-url>{backend}/endless</set-url>", "", "send-request ResponseTooLong The answer's body is longer than the 1000 bytes that are kept in memory.")]
    [InlineData("<set-url>{backend}/bytes?n=1001</set-url>", "", "send-request ResponseTooLong The answer's body is longer than the 1000 bytes that are kept in memory.")]
    [InlineData("<set-url>@(\"ftp://\" + context.Api.Id)</set-url>", "", "send-request ExpressionValueValidationFailure Expression value is invalid. The text of 'set-url' must be an absolute http or https URL.")]
    [InlineData("<set-url>{backend}/json</set-url><set-method>@(\"NO GOOD\")</set-method>", "", "send-request ExpressionValueValidationFailure Expression value is invalid. The text of 'set-method' must be the name of a method, e.g. GET.")]
    public async Task No_answer_is_an_error(string children, string attributes, string expected)
    {
        var call = $"<send-request response-variable-name=\"r\" {attributes}>{children}</send-request>";
        var options = new EdgeOptions { ExpressionBodyLimit = 1000 };
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: call, onError: """<set-body>@($"{context.LastError.Source} {context.LastError.Reason} {context.LastError.Message}")</set-body>""", options: options);
        await using var plain = await PolicyEdge.StartAsync(_backend, inbound: call, options: options);

        using var response = await gateway.GetAsync("/a/x");
        var answer = await plain.GetTextAsync("/a/x");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal("""{ "statusCode": 500, "message": "Internal server error", "activityId": "ID" }""", PolicyEdge.WithoutIds(answer));
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Client_that_goes_away_takes_its_call_along()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: """<send-request ignore-error="true" response-variable-name="r"><set-url>{backend}/hang</set-url></send-request>""");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Url.Port);
            await client.GetStream().WriteAsync("GET /a/x HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            await Eventually.HoldsAsync(() => _backend.Requests == 1, "the call reaches the backend");
            client.Client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => _backend.Aborts == 1, "the backend sees the call end");
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task One_way_call_goes_out_and_is_not_waited_for()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<send-one-way-request mode="new" timeout="30"><set-url>{backend}/gate</set-url><set-method>POST</set-method><set-header name="X-A" exists-action="override"><value>1</value></set-header><set-body>x</set-body></send-one-way-request>""");

        Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));

        await Eventually.HoldsAsync(() => _backend.Requests == 2, "the call reaches the backend");
        Assert.Equal(1, gateway.Get<OneWayCalls>().Live);
        _backend.Gate.Release();
        await gateway.NothingIsLeftAsync();
        Assert.Equal(0, gateway.Get<OneWayCalls>().Live);
    }

    [Fact]
    public async Task One_way_calls_are_bounded_and_their_failures_change_nothing()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<send-one-way-request><set-url>{backend}/gate</set-url></send-one-way-request><send-one-way-request><set-url>{backend}/gate</set-url></send-one-way-request><send-one-way-request><set-url>http://127.0.0.1:1</set-url></send-one-way-request>""",
            options: new EdgeOptions { OneWayCallLimit = 1 });

        Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));

        await Eventually.HoldsAsync(() => _backend.Requests == 2, "the first call and the request reach the backend");
        Assert.Equal(1, gateway.Get<OneWayCalls>().Live);
        _backend.Gate.Release();
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Proxy_takes_calls_and_forwarded_requests()
    {
        // A proxy gets the whole URL as target: the backend echoes it, for a host that does not exist.
        var proxy = """<proxy url="{backend}" username="me" password="secret" />""";
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<send-request response-variable-name="r"><set-url>http://far.invalid/called</set-url>{proxy}</send-request>{proxy}<set-backend-service base-url="http://far.invalid/base" /><set-header name="X-Called" exists-action="override"><value>@(((IResponse)context.Variables["r"]).Body.As<string>().Split('\n')[0])</value></set-header>""");

        var lines = (await gateway.GetTextAsync("/a/echo")).Split('\n');

        Assert.Equal("GET http://far.invalid/base/echo HTTP/1.1", lines[0]);
        Assert.Contains("X-Called: GET http://far.invalid/called HTTP/1.1", lines);
        await gateway.NothingIsLeftAsync();
    }
}
