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
