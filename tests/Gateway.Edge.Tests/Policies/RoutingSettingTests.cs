using Gateway.Edge.Tests.Harness;
using Gateway.PolicyCompiler;

namespace Gateway.Edge.Tests.Policies;

/// <summary>What becomes of paths and queries, and of policies that stand in fragments.</summary>
public sealed class RoutingSettingTests
{
    [Theory]
    [InlineData("template=\"/echo\"", "GET /echo?b=2&c=3 HTTP/1.1")]
    [InlineData("template=\"/echo\" copy-unmatched-params=\"true\"", "GET /echo?b=2&c=3 HTTP/1.1")]
    [InlineData("template=\"/echo\" copy-unmatched-params=\"false\"", "GET /echo HTTP/1.1")]
    [InlineData("template=\"/echo?id={a}\" copy-unmatched-params=\"false\"", "GET /echo?id=1 HTTP/1.1")]
    [InlineData("template=\"@(&quot;/echo?x=&quot; + context.Request.MatchedParameters[&quot;a&quot;])\"", "GET /echo?x=1&b=2&c=3 HTTP/1.1")]
    public async Task Rewritten_request_keeps_the_parameters_that_the_operation_does_not_name(string attributes, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<rewrite-uri {attributes} />", operations: [TestPublication.Operation("GET", "/get?a={a}")]);

        Assert.Equal(expected, (await edge.Gateway.GetTextAsync("/a/get?a=1&b=2&c=3")).Split('\n')[0]);
    }

    [Theory]
    [InlineData("/{name}/{*rest}", "/to/{name}", "/a/box/x/y", "GET /to/box HTTP/1.1")]
    [InlineData("/{name}/{*rest}", "/to/{rest}?of={name}", "/a/box/x/y", "GET /to/x/y?of=box HTTP/1.1")]
    [InlineData("/{name}/{*rest}", "/{*rest}/end", "/a/box/x/y", "GET /x/y/end HTTP/1.1")]
    [InlineData("/{name}/{*rest}", "@(\"/{rest}/\" + context.Api.Id)", "/a/box/x/y", "GET /x/y/a HTTP/1.1")]
    [InlineData("/{name}", "/to/{name}?q={name}", "/a/a%20%C3%B6%26b", "GET /to/a%20%C3%B6&b?q=a%20%C3%B6%26b HTTP/1.1")]
    [InlineData("/{name}", "/to/{name}", "/a/a%3Fb", "GET /to/a%3Fb HTTP/1.1")]
    [InlineData("/get?a={value}", "/to/{value}", "/a/get?a=one%2Ftwo", "GET /to/one/two HTTP/1.1")]
    public async Task Template_is_filled_with_parameters_of_the_operation(string operation, string template, string target, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<rewrite-uri template=\"{template}\" />", operations: [TestPublication.Operation("GET", operation)]);

        Assert.Equal(expected, (await edge.Gateway.GetTextAsync(target)).Split('\n')[0]);
    }

    [Theory]
    [InlineData("/get?a={value}", "/to/{value}/x", "/a/get?a=..")]
    [InlineData("/get?a={value}", "/to/{value}", "/a/get?a=%2E%2E%2Fsecret")]
    [InlineData("/get?a={value}", "/to/{value}", "/a/get?a=x%2F..%2F..%2Fsecret")]
    [InlineData("/get?a={value}", "/to/.{value}", "/a/get?a=.%2Fsecret")]
    [InlineData("/get?a={value}", "/to/{value}", "/a/get?a=%252e%252e")]
    public async Task Value_that_would_step_out_of_the_path_is_refused(string operation, string template, string target)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<rewrite-uri template=\"{template}\" />", operations: [TestPublication.Operation("GET", operation)]);

        Assert.Equal("400 { \"statusCode\": 400, \"message\": \"A parameter of the request would step out of the rewritten path.\" }", await edge.AnswerAsync(target));
        Assert.Equal(0, edge.Backend.Requests);
    }

    [Fact]
    public async Task Parameter_that_the_operation_has_not_fails_the_request()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: "<rewrite-uri template=\"/to/{other}\" />", onError: "<set-body>@(context.LastError.Source + \" \" + context.LastError.Reason)</set-body>",
            operations: [TestPublication.Operation("GET", "/{name}")]);

        Assert.Equal("500 rewrite-uri ParameterNotFound", await edge.AnswerAsync("/a/x"));
    }

    [Theory]
    [InlineData("base-url=\"@(\"{backend}/\" + context.Api.Id)\"", "GET /a/x HTTP/1.1")]
    [InlineData("base-url=\"{backend}/b/\"", "GET /b/x HTTP/1.1")]
    [InlineData("base-url=\"\"", "GET /x HTTP/1.1")]
    [InlineData("backend-id=\"@(\"o\" + \"ne\")\"", "GET /one/x HTTP/1.1")]
    [InlineData("backend-id=\"one\"", "GET /one/x HTTP/1.1")]
    [InlineData("backend-id=\"@(\"none\")\"", "set-backend-service NoDestination")]
    [InlineData("base-url=\"@(\"ftp://x\")\"", "set-backend-service ExpressionValueValidationFailure")]
    [InlineData("base-url=\"@(\"\")\"", "set-backend-service ExpressionValueValidationFailure")]
    [InlineData("backend-id=\"@(\"\")\"", "set-backend-service ExpressionValueValidationFailure")]
    [InlineData("backend-id=\"one\" /><set-backend-service base-url=\"{backend}/late\"", "GET /one/x HTTP/1.1")]
    [InlineData("backend-id=\"one\" /><set-backend-service backend-id=\"two\"", "GET /two/x HTTP/1.1")]
    [InlineData("base-url=\"{backend}/early\" /><set-backend-service backend-id=\"two\"", "GET /two/x HTTP/1.1")]
    [InlineData("base-url=\"{backend}/early\" /><set-backend-service base-url=\"{backend}/late\"", "GET /late/x HTTP/1.1")]
    [InlineData("base-url=\"{backend}/early\" /><set-backend-service base-url=\" \"", "GET /early/x HTTP/1.1")]
    public async Task Backend_is_the_one_that_the_policy_names(string attributes, string expected)
    {
        await using var backend = await TestBackend.StartAsync();
        foreach (var isInbound in (bool[])[true, false])
        {
            var policy = $"<set-backend-service {attributes} />";
            await using var gateway = await PolicyEdge.StartAsync(
                backend, inbound: isInbound ? policy : null, toBackend: isInbound ? null : $"{policy}<forward-request />",
                onError: "<set-body>@(context.LastError.Source + \" \" + context.LastError.Reason)</set-body>",
                change: publication => publication with
                {
                    Service = publication.Service with { Backends = [new() { Id = "one", Url = $"{backend.Url}/one" }, new() { Id = "two", Url = $"{backend.Url}/two" }] },
                });

            using var response = await gateway.GetAsync("/a/x");

            Assert.Equal(expected, (await response.Content.ReadAsStringAsync()).Split('\n')[0]);
            Assert.Equal(expected.StartsWith("GET", StringComparison.Ordinal) ? 200 : 500, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Backend_id_of_a_document_around_is_not_replaced_by_a_base_url()
    {
        await using var backend = await TestBackend.StartAsync();
        var global = PolicyXml.Tree("<policies><inbound><set-backend-service backend-id=\"one\" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>");
        await using var gateway = await PolicyEdge.StartAsync(
            backend, inbound: "<set-backend-service base-url=\"{backend}/late\" />",
            change: publication => publication with { Service = publication.Service with { Policy = global, Backends = [new() { Id = "one", Url = $"{backend.Url}/one" }] } });

        Assert.StartsWith("GET /one/x ", await gateway.GetTextAsync("/a/x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f")]
    [InlineData(" f ")]
    public async Task Included_fragment_runs_in_its_place(string id)
    {
        await using var backend = await TestBackend.StartAsync();
        var policy = CompiledPolicy.Of(
            $"<policies><inbound><set-variable name=\"v\" value=\"before\" /><include-fragment fragment-id=\"{id}\" /><return-response><set-body>@((string)context.Variables[\"v\"])</set-body></return-response></inbound></policies>",
            fragments: name => name == "f" ? new FragmentText("<fragment><set-variable name=\"v\" value=\"@((string)context.Variables[\"v\"] + \", within\")\" /></fragment>", IsRaw: true) : null);
        await using var gateway = await TestGateway.StartAsync(
            new TestPublication { Programs = policy.Programs, Apis = [TestPublication.Api("a", backend.Url) with { Policy = policy.Tree }] });

        Assert.Equal("before, within", await gateway.GetTextAsync("/a/json"));
    }
}
