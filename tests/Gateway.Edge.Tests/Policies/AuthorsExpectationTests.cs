using System.Net;
using System.Text;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>What authors of real documents rely on, reduced to the lines that do.</summary>
public sealed class AuthorsExpectationTests
{
    [Theory]
    [InlineData("<set-body>@(((XElement)context.Request.Body.As<XElement>().FirstNode).Name.LocalName)</set-body>", "b")]
    [InlineData("<set-body>@(((XElement)XDocument.Parse(context.Request.Body.As<string>()).Root.FirstNode).Value)</set-body>", "1")]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"always\" consider-accept-header=\"false\" />", "{\"a\":{\"b\":\"1\"}}")]
    public async Task Indented_xml_is_read_without_its_white_space(string policy, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: policy);

        Assert.Equal($"200 {expected}", await PostAsync(edge, "<a>\n  <b>1</b>\n</a>", "text/xml"));
    }

    [Theory]
    [InlineData("<a>x</a>", "200 <a>x</a>")]
    [InlineData("<Body>{{context.Request.Method}}</Body>", "200 <Body>POST</Body>")]
    [InlineData("<a>{{body.a}}</a>", "500 { \"statusCode\": 500, \"message\": \"Internal server error\"")]
    public async Task Template_that_does_not_speak_of_the_body_does_not_read_it(string template, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<set-header name=\"Content-Type\" exists-action=\"override\"><value>text/xml</value></set-header><set-body template=\"liquid\">{template}</set-body>");

        Assert.StartsWith(expected, await PostAsync(edge, "{\"a\":1}", "application/json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<set-body>@(\"[\" + context.Response.Body.As<string>(true) + context.Response.Body.As<string>() + \"]\")</set-body>", "200 []")]
    [InlineData("<set-body>@(context.Response.Body.As<JObject>() == null ? \"none\" : \"some\")</set-body>", "200 none")]
    [InlineData("<set-variable name=\"x\" value=\"@(context.Response.Body.As<byte[]>().Length)\" />", "200 ")]
    public async Task Empty_answer_has_an_empty_body(string outbound, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(outbound: outbound);

        Assert.Equal(expected, await edge.AnswerAsync("/a/status/200"));
    }

    [Theory]
    [InlineData("ann", "@(context.User == null ? \"nobody\" : context.User.Id)", "200 ann")]
    [InlineData("ann", "@(context.User == null || !context.User.Groups.Select(g => g.Id).Contains(\"readers\") ? \"no\" : \"yes\")", "200 no")]
    [InlineData(null, "@(context.User == null ? \"nobody\" : context.User.Id)", "200 nobody")]
    [InlineData(null, "@(context.User?.Id ?? \"nobody\")", "200 nobody")]
    public async Task Owner_of_the_subscription_is_the_user(string? owner, string expression, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<return-response><set-body>{expression}</set-body></return-response>", needsKey: true, owner: owner);

        Assert.Equal(expected, await edge.AnswerAsync("/a/x", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "me-1")));
    }

    [Theory]
    [InlineData("/a/flaky", 3)]
    [InlineData("/a/json", 1)]
    public async Task Branch_that_is_chosen_forwards_the_request(string path, int requests)
    {
        await using var backend = await TestBackend.StartAsync();
        backend.Failures = 2;
        await using var gateway = await PolicyEdge.StartAsync(backend, toBackend: """
            <retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1" first-fast-retry="true">
              <choose>
                <when condition="@(context.Request.OriginalUrl.Path.EndsWith("flaky"))"><forward-request buffer-request-body="true" /></when>
                <otherwise><forward-request buffer-response="true" /></otherwise>
              </choose>
            </retry>
            """);

        using var response = await gateway.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(requests, backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Empty_answer_of_a_call_has_an_empty_body()
    {
        await using var other = await TestBackend.StartAsync();
        await using var edge = await PolicyExchange.StartAsync(inbound: $"""
            <send-request response-variable-name="r"><set-url>{other.Url}/status/404</set-url></send-request>
            <return-response><set-body>@("[" + ((IResponse)context.Variables["r"]).StatusCode + ((IResponse)context.Variables["r"]).Body.As<string>() + "]")</set-body></return-response>
            """);

        Assert.Equal("200 [404]", await edge.AnswerAsync("/a/x"));
    }

    [Fact]
    public async Task Reading_the_answer_of_a_call_leaves_the_request_streaming()
    {
        await using var other = await TestBackend.StartAsync();
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"""
                <send-request response-variable-name="r"><set-url>{other.Url}/json</set-url></send-request>
                <set-header name="X-From" exists-action="override"><value>@((string)((IResponse)context.Variables["r"]).Body.As<JObject>()["from"] + context.Request.Method)</value></set-header>
                """,
            options: new EdgeOptions { ExpressionBodyLimit = 1000 });

        Assert.Equal($"200 {new string('x', 5000)}", await PostAsync(edge, new string('x', 5000), "text/plain"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Compressed_bodies_are_decoded_for_expressions_and_templates(string encoding)
    {
        await using var read = await PolicyExchange.StartAsync(inbound: "<return-response><set-body>@((string)context.Request.Body.As<JObject>()[\"a\"])</set-body></return-response>");
        await using var made = await PolicyExchange.StartAsync(inbound: "<set-body template=\"liquid\">{{body.a}}</set-body>");

        Assert.Equal("200 é", await PostPackedAsync(read, "{\"a\":\"é\"}", encoding));
        Assert.Equal("200 é", await PostPackedAsync(made, "{\"a\":\"é\"}", encoding));
    }

    [Fact]
    public async Task Compressed_bomb_ends_on_the_budget()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: "<set-variable name=\"a\" value=\"@(context.Request.Body.As<string>().Length)\" />",
            onError: "<set-body>@(context.LastError.Message)</set-body>",
            options: new EdgeOptions { Expressions = new() { AllocatedBytes = 1_000_000 } });

        Assert.Contains("too much memory", await PostPackedAsync(edge, new string('a', 5_000_000), "br"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?", "", "/base/x")]
    [InlineData("?v=1", "", "/base/x?v=1")]
    [InlineData("/?v=1", "?a=2", "/base/x?v=1&a=2")]
    public async Task Base_url_may_bring_a_query_along(string end, string query, string expected)
    {
        await using var backend = await TestBackend.StartAsync();
        foreach (var url in (string[])[$"{backend.Url}/base{end}", $"@(\"{backend.Url}/base\" + \"{end}\")"])
        {
            await using var edge = await PolicyExchange.StartAsync(
                inbound: $"<set-backend-service base-url=\"{WebUtility.HtmlEncode(url)}\" /><set-header name=\"X-Url\" exists-action=\"override\"><value>@(context.Request.Url.ToString())</value></set-header>");

            var text = await edge.AnswerAsync($"/a/x{query}");

            Assert.StartsWith($"200 GET {expected} HTTP/1.1", text, StringComparison.Ordinal);
            Assert.Contains($"X-Url: {backend.Url}{expected}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Path_of_the_api_can_stand_behind_a_host()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: "<return-response><set-body>@(context.Request.OriginalUrl.Host + context.Api.Path)</set-body></return-response>");

        Assert.Equal("200 127.0.0.1/a", await edge.AnswerAsync("/a/x"));
    }

    [Theory]
    [InlineData("<check-header name=\"X-Key\" failed-check-httpcode=\"500\" failed-check-error-message=\"No key.\" ignore-case=\"true\"><value>k</value></check-header>", "No key.")]
    [InlineData("<validate-jwt header-name=\"Authorization\" failed-validation-httpcode=\"500\" failed-validation-error-message=\"No token.\"><issuer-signing-keys><key>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</key></issuer-signing-keys></validate-jwt>", "No token.")]
    public async Task Refusal_with_the_authors_500_has_the_authors_message(string policy, string message)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: policy);

        Assert.Equal($"500 {{ \"statusCode\": 500, \"message\": \"{message}\" }}", await edge.AnswerAsync("/a/x"));
    }

    [Fact]
    public async Task Refused_key_runs_the_on_error_of_the_operation_that_was_asked_for()
    {
        var policy = CompiledPolicy.OfSections(onError: "<return-response><set-body>@(context.LastError.Source + \" \" + context.Operation.Name)</set-body></return-response>");
        await using var edge = await PolicyExchange.StartAsync(
            onError: "<set-body>of the API</set-body>", operations: [TestPublication.Operation("GET", "/x", policy.Tree), TestPublication.Operation("GET", "/y")], needsKey: true, programs: policy.Programs);

        Assert.Equal("200 authorization /x", await edge.AnswerAsync("/a/x"));
        Assert.Equal("401 of the API", await edge.AnswerAsync("/a/y"));
    }

    private static Task<string> PostAsync(PolicyExchange edge, string body, string type) =>
        edge.AnswerAsync("/a/mirror", request => request.Content = new StringContent(body, Encoding.UTF8, type), HttpMethod.Post);

    private static Task<string> PostPackedAsync(PolicyExchange edge, string body, string encoding) => edge.AnswerAsync(
        "/a/mirror",
        request =>
        {
            request.Content = TransformationTests.Packed(body, encoding);
            request.Content.Headers.ContentType = new("application/json");
        },
        HttpMethod.Post);
}
