using System.Net;
using System.Text;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Settings of the policies that change head and body of a message, in the sections where they stand less often.</summary>
public sealed class HeaderSettingTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"skip\"><value>new</value></set-header>", "X-Test: old")]
    [InlineData("<set-header name=\"X-New\" exists-action=\"skip\"><value>new</value></set-header>", "X-Test: old|X-New: new")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"append\"><value>new</value></set-header>", "X-Test: old,new")]
    [InlineData("<set-header name=\"X-New\" exists-action=\"append\"><value>new</value></set-header>", "X-Test: old|X-New: new")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"append\"><value>one</value><value>two</value></set-header>", "X-Test: old,one,two")]
    [InlineData("<set-header name=\"X-Test\"><value>new</value></set-header>", "X-Test: new")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"override\"><value>one</value><value>@(\"t\" + \"wo\")</value></set-header>", "X-Test: one,two")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"delete\" />", "")]
    [InlineData("<set-header name=\"@(\"X-\" + context.Request.Method)\" exists-action=\"@(\"override\")\"><value>new</value></set-header>", "X-Test: old|X-GET: new")]
    [InlineData("<set-header name=\"@(\"X-Test\")\" exists-action=\"@(context.Request.Method == \"GET\" ? \"append\" : \"skip\")\"><value>new</value></set-header>", "X-Test: old,new")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"@(context.Request.Method == \"GET\" ? \"skip\" : \"append\")\"><value>new</value></set-header>", "X-Test: old")]
    [InlineData("<set-header name=\"X-Test\" exists-action=\"@(\"delete\")\"><value>new</value></set-header>", "")]
    public async Task Set_header_changes_what_the_backend_gets(string policy, string expected)
    {
        foreach (var isInbound in (bool[])[true, false])
        {
            await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: isInbound ? policy : null, toBackend: isInbound ? null : $"{policy}<base /><forward-request />");

            var lines = (await gateway.GetTextAsync("/a/x", request => request.Headers.Add("X-Test", "old"))).Split('\n');

            Assert.Equal(expected, string.Join('|', lines.Where(line => line.StartsWith("X-Test:", StringComparison.Ordinal) || line.StartsWith("X-New:", StringComparison.Ordinal) || line.StartsWith("X-GET:", StringComparison.Ordinal))));
        }
    }

    [Theory]
    [InlineData("<set-header name=\"X-Backend\" exists-action=\"skip\"><value>new</value></set-header>", "yes")]
    [InlineData("<set-header name=\"X-Backend\" exists-action=\"append\"><value>new</value></set-header>", "yes,new")]
    [InlineData("<set-header name=\"@(\"X-\" + \"Backend\")\" exists-action=\"@(\"override\")\"><value>a</value><value>b</value></set-header>", "a,b")]
    [InlineData("<set-header name=\"X-Backend\" exists-action=\"delete\" />", "")]
    public async Task Set_header_changes_what_the_client_gets(string policy, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, outbound: policy);

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(expected, response.Headers.TryGetValues("X-Backend", out var values) ? string.Join('|', values) : "");
    }

    [Theory]
    [InlineData("append", "a=1|b=2|c=3")]
    [InlineData("override", "b=2|c=3")]
    public async Task Header_that_may_not_be_joined_is_sent_line_by_line(string action, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, outbound: $"""
            <set-header name="Set-Cookie"><value>a=1</value></set-header>
            <set-header name="Set-Cookie" exists-action="{action}"><value>b=2</value><value>c=3</value></set-header>
            """);

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal(expected, string.Join('|', response.Headers.GetValues("Set-Cookie")));
    }

    [Theory]
    [InlineData("outbound", "code=\"202\" reason=\"Taken\"", 202, "Taken")]
    [InlineData("outbound", "code=\"202\"", 202, "Accepted")]
    [InlineData("outbound", "code=\"@(context.Response.StatusCode + 26)\" reason=\"@(\"Seen \" + context.Api.Id)\"", 226, "Seen a")]
    [InlineData("backend", "code=\"@(context.Response.StatusCode + 3)\" reason=\"@(\"Of \" + context.Api.Id)\"", 203, "Of a")]
    [InlineData("backend", "code=\"299\"", 299, "")]
    [InlineData("on-error", "code=\"@(context.LastError.Reason.Length + 400)\" reason=\"@(context.LastError.Source)\"", 432, "set-variable")]
    [InlineData("on-error", "code=\"@(context.Response.StatusCode - 83)\"", 417, "Expectation Failed")]
    public async Task Set_status_is_what_the_client_gets(string section, string attributes, int status, string reason)
    {
        var policy = $"<set-status {attributes} />";
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: section == "on-error" ? "<set-variable name=\"v\" value=\"@((string)context.Variables[\"none\"])\" />" : null,
            toBackend: section == "backend" ? $"<forward-request />{policy}" : "<forward-request />",
            outbound: section == "outbound" ? policy : null,
            onError: section == "on-error" ? policy : null);

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal((status, reason), ((int)response.StatusCode, response.ReasonPhrase ?? ""));
    }

    [Theory]
    [InlineData("inbound", "<set-body>@(new byte[] { 0, 255, 65 })</set-body>", "00FF41")]
    [InlineData("backend", "<set-body>@(new byte[] { 0, 255, 65 })</set-body>", "00FF41")]
    [InlineData("outbound", "<set-body>@(new byte[] { 0, 255, 65 })</set-body>", "00FF41")]
    [InlineData("outbound", "<set-body>@(context.Response.Body.As<byte[]>().Reverse().ToArray())</set-body>", "636261")]
    [InlineData("inbound", "<set-body>@(context.Request.Body.As<byte[]>().Reverse().ToArray())</set-body>", "636261")]
    [InlineData("backend", "<set-body>made</set-body>", "6D616465")]
    [InlineData("backend", "<set-body>@(context.Request.Body.As<string>() + \"d\")</set-body>", "61626364")]
    [InlineData("backend", "<set-body template=\"liquid\">{{ context.Request.Method }}</set-body>", "504F5354")]
    public async Task Set_body_is_what_arrives_to_the_byte(string section, string policy, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: section == "inbound" ? policy : null, toBackend: section == "backend" ? $"{policy}<forward-request />" : "<forward-request />", outbound: section == "outbound" ? policy : null);

        using var response = await gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = new ByteArrayContent("abc"u8.ToArray()));

        Assert.Equal(expected, Convert.ToHexString(await response.Content.ReadAsByteArrayAsync()));
        if (section != "outbound")
        {
            Assert.Equal($"{expected.Length / 2} of {expected.Length / 2}", response.Headers.GetValues("X-Got").Single());
        }
    }

    [Fact]
    public async Task Set_method_on_error_is_what_later_expressions_and_templates_see()
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, onError: """
            <set-method>PATCH</set-method>
            <set-body template="liquid">{{ context.Request.Method }} {{ context.Request.OriginalMethod }}</set-body>
            """);

        Assert.Equal("PATCH GET", await gateway.GetTextAsync("/a/reset"));
    }

    [Theory]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"override\"><value>2</value></set-query-parameter>", "GET /x?a=2 HTTP/1.1")]
    [InlineData("<set-query-parameter name=\"b\" exists-action=\"append\"><value>@(context.Api.Id)</value></set-query-parameter>", "GET /x?a=1&b=a HTTP/1.1")]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"delete\" />", "GET /x HTTP/1.1")]
    public async Task Set_query_parameter_in_the_backend_section_changes_what_is_forwarded(string policy, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, toBackend: $"{policy}<forward-request />");

        Assert.Equal(expected, (await gateway.GetTextAsync("/a/x?a=1")).Split('\n')[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<set-body>old and old</set-body>")]
    public async Task Find_and_replace_on_error_changes_the_answer(string before)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, onError: before + "<find-and-replace from=\"old\" to=\"new\" /><find-and-replace from=\"Internal\" to=\"Outer\" />");

        var answer = PolicyEdge.WithoutIds(await gateway.GetTextAsync("/a/reset"));

        Assert.Equal(before.Length > 0 ? "new and new" : "{ \"statusCode\": 500, \"message\": \"Outer server error\", \"activityId\": \"ID\" }", answer);
    }

    [Theory]
    [InlineData("<set-variable name=\"r\" value=\"text\" />", "response-variable-name=\"r\"")]
    [InlineData("", "response-variable-name=\"none\"")]
    public async Task Response_variable_that_holds_none_fails_the_request(string before, string attribute)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"{before}<return-response {attribute}><set-status code=\"201\" /></return-response>",
            onError: "<set-header name=\"X-Why\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal((HttpStatusCode.InternalServerError, "return-response ExpressionValueValidationFailure"), (response.StatusCode, response.Headers.GetValues("X-Why").Single()));
        Assert.Equal(0, _backend.Requests);
    }

    [Theory]
    [InlineData("", "<Document><a>2012-03-21T05:40:00Z</a></Document>")]
    [InlineData("parse-date=\"true\"", "<Document><a>2012-03-21T05:40:00Z</a></Document>")]
    [InlineData("parse-date=\"false\"", "<Document><a>2012-03-21T05:40:00.000Z</a></Document>")]
    [InlineData("parse-date=\"@(context.Api.Id != \"a\")\"", "<Document><a>2012-03-21T05:40:00.000Z</a></Document>")]
    public async Task Json_to_xml_writes_dates_in_the_form_of_xml_unless_told_otherwise(string attribute, string expected)
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, outbound: $"<json-to-xml apply=\"always\" consider-accept-header=\"false\" {attribute} />");

        using var response = await gateway.SendAsync(
            HttpMethod.Post, "/a/mirror", request => request.Content = new StringContent("""{"a":"2012-03-21T05:40:00.000Z"}""", Encoding.UTF8, "application/json"));

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }
}
