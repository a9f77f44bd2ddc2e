using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Documents;
using Gateway.Testing.Certificates;

namespace Gateway.Edge.Tests.Requests;

/// <summary>Policies with expressions, compiled as silos do, over real connections: the kinds that real documents hold.</summary>
public sealed class ExpressionTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    // Headers, variables, and what is known of the request.
    [InlineData("/echo?x=1", """<set-header name="X-Out" exists-action="override"><value>@(context.Request.OriginalUrl.Path + context.Request.OriginalUrl.QueryString)</value></set-header>""", "X-Out: /a/echo?x=1")]
    [InlineData("/echo", """<set-variable name="id" value="@(context.RequestId.ToString())" /><set-header name="X-Out" exists-action="override"><value>@(((string)context.Variables["id"]).Length.ToString())</value></set-header>""", "X-Out: 36")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@($"{context.Api.Id}/{context.Operation.Name}/{context.Deployment.ServiceName}/{context.Deployment.GatewayId}")</value></set-header>""", "X-Out: a//*/gateway/managed")]
    [InlineData("/echo?name=J%C3%B6rg+B", """<set-header name="X-Out" exists-action="override"><value>@(Uri.EscapeDataString(context.Request.Url.Query.GetValueOrDefault("name", "none")))</value></set-header>""", "X-Out: J%C3%B6rg%20B")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@(context.Request.IpAddress)</value></set-header>""", "X-Out: 127.0.0.1")]
    [InlineData("/echo", """<set-header name="Host" exists-action="override"><value>inner.example</value></set-header><set-header name="X-Out" exists-action="override"><value>@(context.Request.OriginalUrl.Host)</value></set-header>""", "X-Out: 127.0.0.1")]
    [InlineData("/echo", """<set-header name="Authorization" exists-action="override"><value>@("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + "pass")))</value></set-header><set-header name="X-Out" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("Authorization").AsBasic().UserId)</value></set-header>""", "X-Out: user")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@{ var headers = new List<string>(); foreach (var h in context.Request.Headers) { if (h.Key.StartsWith("X-T", StringComparison.OrdinalIgnoreCase)) { headers.Add(h.Key + "=" + string.Join("+", h.Value)); } } return string.Join(",", headers.OrderBy(h => h)); }</value></set-header>""", "X-Out: X-Test=1")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@(Regex.IsMatch(context.Request.OriginalUrl.Path, "^/A/", RegexOptions.IgnoreCase) ? "match" : "none")</value></set-header>""", "X-Out: match")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@{ try { return (string)context.Variables["missing"]; } catch (Exception) { return "caught"; } }</value></set-header>""", "X-Out: caught")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@(BitConverter.ToString(System.Security.Cryptography.SHA256.Create().ComputeHash(Encoding.UTF8.GetBytes("a"))).Replace("-", "").ToLower().Substring(0, 8))</value></set-header>""", "X-Out: ca978112")]
    [InlineData("/echo", """<set-header name="X-Out" exists-action="override"><value>@("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSIsInJvbGVzIjpbImEiLCJiIl19.".AsJwt().Claims.GetValueOrDefault("roles"))</value></set-header>""", "X-Out: a,b")]
    // Where it goes.
    [InlineData("/echo", """<rewrite-uri template="@("/to/" + context.Request.Method.ToLower() + "?y=" + context.Operation.Id.Length)" />""", "GET /to/get?y=4 HTTP/1.1")]
    [InlineData("/echo", """<set-variable name="seen" value="@(context.Request.Url.Host)" /><set-header name="X-Out" exists-action="override"><value>@((string)context.Variables["seen"])</value></set-header>""", "X-Out: 127.0.0.1")]
    // Branches.
    [InlineData("/echo?v=2", """<choose><when condition="@(context.Request.OriginalUrl.Query.GetValueOrDefault("v") == "1")"><rewrite-uri template="/one" /></when><when condition="@(context.Request.OriginalUrl.Query.GetValueOrDefault("v") == "2")"><rewrite-uri template="/two" /></when><otherwise><rewrite-uri template="/none" /></otherwise></choose>""", "GET /two?v=2 HTTP/1.1")]
    [InlineData("/echo", """<choose><when condition="@(!context.Request.Headers.ContainsKey("X-Missing") && context.Variables.GetValueOrDefault("n", 1) < 2)"><set-header name="X-Out" exists-action="override"><value>in</value></set-header></when></choose>""", "X-Out: in")]
    public async Task Inbound_expressions_shape_what_the_backend_gets(string target, string inbound, string expected)
    {
        await using var gateway = await StartAsync(CompiledPolicy.OfSections(inbound: inbound));

        var text = await gateway.GetTextAsync($"/a{target}", request => request.Headers.Add("X-Test", "1"));

        Assert.Contains(expected, text.Split('\n'));
    }

    [Fact]
    public async Task Certificates_of_the_catalog_are_those_of_the_deployment()
    {
        using var certificate = TestCertificates.Make("CN=signer");
        var (data, password) = TestCertificates.Write(certificate, "pfx with password");
        var policy = CompiledPolicy.OfSections(inbound: """
            <return-response>
              <set-body>@(context.Deployment.Certificates[context.Deployment.Certificates.Keys.Single().ToLowerInvariant()].Thumbprint + " " + Convert.ToBase64String(context.Deployment.Certificates["signer"].GetRSAPrivateKey().SignData(Encoding.UTF8.GetBytes("a"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)))</set-body>
            </return-response>
            """);
        await using var gateway = await TestGateway.StartAsync(new()
        {
            Apis = [TestPublication.Api("a", null) with { Policy = policy.Tree }],
            Programs = policy.Programs,
            Service = new() { ServiceName = "gateway", Certificates = [new() { Id = "signer", Data = data, Password = password }] },
        });

        var words = (await gateway.GetTextAsync("/a")).Split(' ');

        Assert.Equal(certificate.Thumbprint, words[0]);
        Assert.True(certificate.GetRSAPublicKey()!.VerifyData("a"u8, Convert.FromBase64String(words[1]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("/json", """<set-body>@{ var body = context.Response.Body.As<JObject>(); body["more"] = context.Response.StatusCode; return body.ToString(Newtonsoft.Json.Formatting.None); }</set-body>""", """{"from":"backend","more":200}""")]
    [InlineData("/json", """<set-header name="X-Out" exists-action="override"><value>@((string)context.Response.Body.As<JObject>(preserveContent: true)["from"])</value></set-header>""", """{"from":"backend"}""")]
    [InlineData("/json", """<set-variable name="body" value="@(context.Response.Body.As<string>())" />""", "")]
    [InlineData("/json", """<choose><when condition="@(context.Response.StatusCode == 200)"><return-response><set-status code="@(context.Response.StatusCode + 1)" reason="Made" /><set-body>@(new JObject(new JProperty("was", context.Response.Body.As<JObject>()["from"])).ToString(Newtonsoft.Json.Formatting.None))</set-body></return-response></when></choose>""", """{"was":"backend"}""")]
    [InlineData("/status/404", """<choose><when condition="@(context.Response.StatusCode == 404)"><set-status code="200" /><set-body>@("made of " + context.Response.StatusReason)</set-body></when></choose>""", "made of OK")]
    public async Task Outbound_expressions_shape_what_the_client_gets(string target, string outbound, string body)
    {
        await using var gateway = await StartAsync(CompiledPolicy.OfSections(outbound: outbound));

        using var response = await gateway.GetAsync($"/a{target}");

        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.True(response.IsSuccessStatusCode);
        await NothingIsLeftAsync(gateway);
    }

    [Theory]
    [InlineData("""<set-variable name="b" value="@(context.Request.Body.As<JObject>(preserveContent: true))" />""", """{"a":1}""", "7 of 7")]
    [InlineData("""<set-body>@{ var body = context.Request.Body.As<JObject>(preserveContent: true); body["b"] = 2; return body.ToString(Newtonsoft.Json.Formatting.None); }</set-body>""", """{"a":1,"b":2}""", "13 of 13")]
    [InlineData("""<set-variable name="b" value="@(context.Request.Body.As<string>())" />""", "", "0 of 0")]
    [InlineData("""<choose><when condition="@(context.Request.Body?.As<JObject>(true)["a"] != null)"><set-body>yes</set-body></when></choose>""", "yes", "3 of 3")]
    public async Task Request_bodies_reach_the_backend_as_they_were_left(string inbound, string body, string got)
    {
        await using var gateway = await StartAsync(CompiledPolicy.OfSections(inbound: inbound, onError: "<set-body>@(context.LastError.Source + context.LastError.Message)</set-body>"));
        foreach (var isChunked in (bool[])[false, true])
        {
            using var response = await gateway.SendAsync(HttpMethod.Post, "/a/mirror", request =>
            {
                request.Content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json");
                request.Headers.TransferEncodingChunked = isChunked;
            });

            Assert.Equal(body, await response.Content.ReadAsStringAsync());
            var announced = isChunked && body == """{"a":1}""" ? "7 of ?" : got;
            Assert.Equal(announced, string.Concat(response.Headers.GetValues("X-Got")));
        }

        await NothingIsLeftAsync(gateway);
    }

    [Fact]
    public async Task Bodies_over_the_bound_fail_and_leave_nothing_behind()
    {
        var policy = CompiledPolicy.OfSections(
            inbound: """<choose><when condition="@(context.Request.Method == "POST")"><set-variable name="a" value="@(context.Request.Body.As<string>(true).Length)" /></when></choose>""",
            outbound: """<set-header name="X-Length" exists-action="override"><value>@(context.Response.Body.As<string>(true).Length.ToString())</value></set-header>""",
            onError: """<set-header name="X-Why" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason + " " + context.LastError.Path + " " + context.Response.StatusCode + (context.Request.Body == null ? "" : " and a body"))</value></set-header>""");
        await using var gateway = await StartAsync(policy, new EdgeOptions { ExpressionBodyLimit = 100_000 });

        using var fits = await gateway.GetAsync("/a/bytes?n=100000");
        Assert.Equal((HttpStatusCode.OK, "100000"), (fits.StatusCode, string.Concat(fits.Headers.GetValues("X-Length"))));
        Assert.Equal(100_000, (await fits.Content.ReadAsByteArrayAsync()).Length);
        foreach (var target in (string[])["/a/bytes?n=100001", "/a/endless"])
        {
            using var tooLong = await gateway.GetAsync(target);
            Assert.Equal(HttpStatusCode.InternalServerError, tooLong.StatusCode);
            Assert.Equal("set-header ExpressionValueEvaluationFailure set-header[1] 500", string.Concat(tooLong.Headers.GetValues("X-Why")));
        }

        foreach (var isChunked in (bool[])[false, true])
        {
            using var upload = await gateway.SendAsync(HttpMethod.Post, "/a/upload", request =>
            {
                request.Content = new ByteArrayContent(new byte[150_000]);
                request.Headers.TransferEncodingChunked = isChunked;
            });
            Assert.Equal("set-variable ExpressionValueEvaluationFailure choose[1]/when[1]/set-variable[1] 500", string.Concat(upload.Headers.GetValues("X-Why")));
        }

        await NothingIsLeftAsync(gateway);
    }

    [Theory]
    [InlineData("/break", "BackendConnectionFailure")]
    [InlineData("/reset", "BackendConnectionFailure")]
    public async Task Backend_that_breaks_off_while_its_body_is_read_is_answered(string target, string reason)
    {
        var policy = CompiledPolicy.OfSections(
            outbound: """<set-variable name="a" value="@(context.Response.Body.As<string>(true))" />""",
            onError: """<return-response><set-status code="502" /><set-body>@(context.LastError.Reason)</set-body></return-response>""");
        await using var gateway = await StartAsync(policy);

        using var response = await gateway.GetAsync($"/a{target}");

        Assert.Equal((HttpStatusCode.BadGateway, reason), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        await NothingIsLeftAsync(gateway);
    }

    [Fact]
    public async Task Backend_whose_body_does_not_end_in_time_is_answered()
    {
        var policy = CompiledPolicy.OfSections(
            outbound: """<set-variable name="a" value="@(context.Response.Body.As<string>(true))" />""",
            onError: """<set-header name="X-Why" exists-action="override"><value>@(context.LastError.Reason)</value></set-header>""");
        await using var gateway = await StartAsync(policy, new EdgeOptions { ActivityTimeout = TimeSpan.FromMilliseconds(300) });

        using var response = await gateway.GetAsync("/a/events");

        Assert.Equal((HttpStatusCode.InternalServerError, "Timeout"), (response.StatusCode, string.Concat(response.Headers.GetValues("X-Why"))));
        await NothingIsLeftAsync(gateway);
    }

    [Fact]
    public async Task Client_that_leaves_while_a_body_is_read_leaves_nothing_behind()
    {
        var policy = CompiledPolicy.OfSections(outbound: """<set-variable name="a" value="@(context.Response.Body.As<string>(true))" />""");
        await using var gateway = await StartAsync(policy);
        using var leave = new CancellationTokenSource();

        var request = gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/a/events")), leave.Token);
        await Eventually.HoldsAsync(() => gateway.LiveExchanges == 1, "the exchange has begun");
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await NothingIsLeftAsync(gateway);
    }

    [Fact]
    public async Task Compressed_bodies_pass_and_are_read_as_bytes_only()
    {
        var policy = CompiledPolicy.OfSections(
            outbound: """
                <set-header name="X-Bytes" exists-action="override"><value>@(context.Response.Body.As<byte[]>(true).Length.ToString())</value></set-header>
                <choose><when condition="@(context.Request.OriginalUrl.QueryString == "?text")"><set-variable name="a" value="@(context.Response.Body.As<string>(true))" /></when></choose>
                """,
            onError: """<set-body>@(context.LastError.Message)</set-body>""");
        await using var gateway = await StartAsync(policy);
        static void Compressed(HttpRequestMessage request)
        {
            request.Content = new ByteArrayContent([1, 2, 3]);
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        using var bytes = await gateway.SendAsync(HttpMethod.Post, "/a/mirror", Compressed);
        Assert.Equal("3", string.Concat(bytes.Headers.GetValues("X-Bytes")));
        Assert.Equal([1, 2, 3], await bytes.Content.ReadAsByteArrayAsync());
        Assert.Equal("gzip", string.Concat(bytes.Content.Headers.ContentEncoding));

        using var text = await gateway.SendAsync(HttpMethod.Post, "/a/mirror?text", Compressed);
        Assert.Equal(HttpStatusCode.InternalServerError, text.StatusCode);
        Assert.Contains("content encoding", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_never_reach_their_pipeline_run_on_error()
    {
        const string onError = """
            <set-header name="X-Why" exists-action="override"><value>@(context.LastError.Source + "|" + context.LastError.Reason + "|" + context.LastError.Message + "|" + context.LastError.Section + "|" + context.Response.StatusCode)</value></set-header>
            <choose><when condition="@(context.LastError.Source == "configuration" && context.Api == null)"><return-response><set-status code="405" reason="Method Not Allowed" /><set-body>@(context.Response.Body.As<JObject>()["message"].ToString())</set-body></return-response></when></choose>
            """;
        var global = CompiledPolicy.Of($"<policies><inbound /><backend><forward-request /></backend><outbound /><on-error>{onError}</on-error></policies>", PolicyScope.Global);
        await using var gateway = await TestGateway.StartAsync(new TestPublication
        {
            Service = new ServiceChunk { ServiceName = "gateway", Policy = global.Tree },
            Programs = global.Programs,
            Apis = [TestPublication.Api("keyed", _backend.Url, TestPublication.Operation("GET", "/json")) with { SubscriptionRequired = true }],
            Subscriptions = [TestPublication.Subscription("me", "/apis")],
        });

        using var none = await gateway.GetAsync("/none");
        Assert.Equal(("405", "Method Not Allowed"), (((int)none.StatusCode).ToString(), none.ReasonPhrase));
        Assert.Equal("Resource not found", await none.Content.ReadAsStringAsync());
        Assert.Equal("configuration|OperationNotFound|Unable to match incoming request to an operation.||404", string.Concat(none.Headers.GetValues("X-Why")));

        using var operation = await gateway.GetAsync("/keyed/other");
        Assert.Equal("{ \"statusCode\": 404, \"message\": \"Resource not found\" }", await operation.Content.ReadAsStringAsync());
        Assert.StartsWith("configuration|OperationNotFound|", string.Concat(operation.Headers.GetValues("X-Why")), StringComparison.Ordinal);

        using var missing = await gateway.GetAsync("/keyed/json");
        Assert.Equal(HttpStatusCode.Unauthorized, missing.StatusCode);
        Assert.Equal(
            "authorization|SubscriptionKeyNotFound|Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.||401",
            string.Concat(missing.Headers.GetValues("X-Why")));

        using var wrong = await gateway.GetAsync("/keyed/json", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "wrong"));
        Assert.StartsWith("authorization|SubscriptionKeyInvalid|", string.Concat(wrong.Headers.GetValues("X-Why")), StringComparison.Ordinal);
        Assert.Equal("application/json", wrong.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Expression_that_throws_is_answered_to_the_byte_and_the_next_request_is_served()
    {
        await using var gateway = await StartAsync(CompiledPolicy.OfSections(inbound:
            """<choose><when condition="@(context.Request.Headers.ContainsKey("X-Fail"))"><set-header name="X-A" exists-action="override"><value>@((string)context.Variables["secret"])</value></set-header></when></choose>"""));

        var answer = await gateway.SendRawAsync("GET /a/echo HTTP/1.1\r\nHost: a\r\nX-Fail: 1\r\nConnection: close\r\n\r\n");

        Assert.Matches(
            "^HTTP/1.1 500 Internal Server Error\r\n(.+\r\n)*Content-Type: application/json\r\n(.+\r\n)*\r\n\\{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"[0-9a-f-]{36}\" \\}$",
            answer);
        Assert.StartsWith("GET /echo", await gateway.GetTextAsync("/a/echo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_and_its_key_are_known_also_after_the_header_was_removed()
    {
        var policy = CompiledPolicy.OfSections(inbound: """
            <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
            <set-header name="X-Out" exists-action="override"><value>@(context.Subscription.Id + " " + context.Subscription.Key + " " + (context.Product?.Id ?? "none"))</value></set-header>
            """);
        await using var gateway = await TestGateway.StartAsync(new TestPublication
        {
            Apis = [TestPublication.Api("a", _backend.Url) with { SubscriptionRequired = true, Policy = policy.Tree }],
            Programs = policy.Programs,
            Subscriptions = [TestPublication.Subscription("me", "/apis")],
        });

        var byHeader = await gateway.GetTextAsync("/a/echo", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "me-1"));
        Assert.Contains("X-Out: me me-1 none", byHeader.Split('\n'));
        var byQuery = await gateway.GetTextAsync("/a/echo?subscription-key=me-2");
        Assert.Contains("X-Out: me me-2 none", byQuery.Split('\n'));
    }

    [Fact]
    public async Task Forward_in_a_branch_is_the_forward()
    {
        await using var gateway = await StartAsync(CompiledPolicy.OfSections(backend:
            """<choose><when condition="@(context.Request.Headers.GetValueOrDefault("X-Slow") == null)"><forward-request timeout="@(context.Request.OriginalUrl.Path.EndsWith("hang") ? 1 : 10)" /></when></choose>"""));

        Assert.Equal("{\"from\":\"backend\"}", await gateway.GetTextAsync("/a/json"));
        using var late = await gateway.GetAsync("/a/hang");
        Assert.Equal(HttpStatusCode.InternalServerError, late.StatusCode);
        using var none = await gateway.GetAsync("/a/json", request => request.Headers.Add("X-Slow", "1"));
        Assert.Equal((HttpStatusCode.OK, ""), (none.StatusCode, await none.Content.ReadAsStringAsync()));
        await NothingIsLeftAsync(gateway);
    }

    private static Task NothingIsLeftAsync(TestGateway gateway) => Eventually.HoldsAsync(
        () => gateway.LiveExchanges == 0 && gateway.Drain.LiveRequests == 0,
        $"nothing is in flight ({gateway.LiveExchanges} exchanges, {gateway.Drain.LiveRequests} requests)");

    private Task<TestGateway> StartAsync(CompiledPolicy policy, EdgeOptions? options = null) => TestGateway.StartAsync(
        new TestPublication
        {
            Apis = [TestPublication.Api("a", _backend.Url) with { Policy = policy.Tree }],
            Programs = policy.Programs,
        },
        options);
}
