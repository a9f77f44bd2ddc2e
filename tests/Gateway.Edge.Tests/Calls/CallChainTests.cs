using Gateway.Edge.Calls;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Calls;

/// <summary>Calls that lead to the gateway that makes them, over its own listeners.</summary>
public sealed class CallChainTests : IAsyncLifetime
{
    private const string Self = """@(context.Request.OriginalUrl.Scheme + "://" + context.Request.OriginalUrl.Host + ":" + context.Request.OriginalUrl.Port""";

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Policy_calls_another_api_of_its_gateway(string ignores)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<send-request response-variable-name="r" ignore-error="{ignores}"><set-url>{Self} + "/b/json")</set-url></send-request>"""
                + """<return-response><set-body>@{ var r = (IResponse)context.Variables["r"]; return r.StatusCode + " " + r.Body.As<string>(); }</set-body></return-response>""",
            change: publication => publication with { Apis = [.. publication.Apis, TestPublication.Api("b", _backend.Url)] });

        Assert.Equal("""200 {"from":"backend"}""", await gateway.GetTextAsync("/a/x"));
        await gateway.NothingIsLeftAsync();
    }

    /// <summary>Connections of calls may lead here, and are no way for forwarded requests.</summary>
    [Fact]
    public async Task Request_that_is_forwarded_to_its_gateway_behind_a_call_is_a_loop()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $"""<send-request response-variable-name="r"><set-url>{Self} + "/b/json")</set-url></send-request><set-backend-service base-url="{Self})" />""",
            change: publication => publication with { Apis = [.. publication.Apis, TestPublication.Api("b", _backend.Url)] });

        Assert.Equal("""{ "statusCode": 508, "message": "Loop detected" }""", await gateway.GetTextAsync("/a/x"));
    }

    /// <summary>Each request of the chain makes several calls, and would handle their failure; the count of requests is the chain's length all the same.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("""<return-response><set-status code="200" /><set-body>handled</set-body></return-response>""")]
    public async Task Circle_of_calls_ends_once(string onError)
    {
        var call = $"""<send-request response-variable-name="r" ignore-error="true"><set-url>{Self} + "/a/x")</set-url></send-request>""";
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $$"""<send-request response-variable-name="c"><set-url>{backend}/json</set-url></send-request>{{call}}{{call}}{{call}}""", onError: onError);

        using var response = await gateway.GetAsync("/a/x");

        Assert.Equal(onError.Length > 0 ? "handled" : """{ "statusCode": 508, "message": "Loop detected" }""", await response.Content.ReadAsStringAsync());
        Assert.Equal(onError.Length > 0 ? 200 : 508, (int)response.StatusCode);
        Assert.False(response.Headers.Contains(CallDepth.Header));
        Assert.Equal(CallDepth.Maximum, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Circle_of_one_way_calls_ends()
    {
        var call = $"""<send-one-way-request><set-url>{Self} + "/a/json")</set-url></send-one-way-request>""";
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: call + call);

        Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));

        await gateway.NothingIsLeftAsync();
        Assert.Equal(1 + 2 + 4, _backend.Requests);
    }

    [Theory]
    [InlineData("4", 200)]
    [InlineData("5", 508)]
    [InlineData("99999999999", 508)]
    [InlineData("x", 508)]
    public async Task Calls_that_came_through_many_calls_end(string depth, int status)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: """<send-request response-variable-name="r"><set-url>{backend}/json</set-url></send-request>""");

        using var response = await gateway.GetAsync("/a/json", request => request.Headers.Add(CallDepth.Header, depth));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 508, response.Headers.Contains(CallDepth.Header));
    }
}
