using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies;

/// <summary>Text in, exchange out.</summary>
public sealed class PolicyTableTests
{
    [Theory]
    // exists-action over: nothing, one header, the same header twice
    [InlineData("override", null, "a", "a")]
    [InlineData("override", "x", "a", "a")]
    [InlineData("override", "x|y", "a|b", "a,b")]
    [InlineData("skip", null, "a", "a")]
    [InlineData("skip", "x", "a", "x")]
    [InlineData("append", null, "a", "a")]
    [InlineData("append", "x", "a", "x,a")]
    [InlineData("append", "x|y", "a|b", "x,y,a,b")]
    [InlineData("delete", "x|y", "", null)]
    [InlineData("delete", null, "", null)]
    [InlineData("override", "x", " ", "")]
    public async Task SetHeader_Action_ChangesRequestInInboundAndResponseInOutbound(string action, string? present, string values, string? expected)
    {
        var element = SetHeader("X-Test", action, values);
        var context = Create();
        if (present is not null)
        {
            context.Http.Request.Headers["X-Test"] = present.Split('|');
            context.FakeBackend.Headers["X-Test"] = present.Split('|');
        }

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: element, outbound: element)).ExecuteAsync(context);

        Assert.Equal(expected, Assert.Single(context.FakeBackend.Requests).Headers.GetValueOrDefault("X-Test"));
        Assert.Equal(expected, context.Sent.Headers.TryGetValue("X-Test", out var sent) ? Assert.Single(sent.ToArray()) ?? "" : null);
    }

    [Theory]
    [InlineData("Set-Cookie", "override", "a=1|b=2", new[] { "a=1", "b=2" })]
    [InlineData("set-cookie", "append", "a=1|b=2", new[] { "x=0", "a=1", "b=2" })]
    [InlineData("WWW-Authenticate", "override", "Basic|Bearer", new[] { "Basic", "Bearer" })]
    [InlineData("Vary", "override", "a|b", new[] { "a,b" })]
    public async Task SetHeader_SeveralValues_AreJoinedUnlessTheHeaderForbidsIt(string name, string action, string values, string[] expected)
    {
        var context = Create();
        context.FakeBackend.Headers[name] = "x=0";

        await Compiled.Pipeline(null, null, Compiled.Text(outbound: SetHeader(name, action, values))).ExecuteAsync(context);

        Assert.Equal(expected, context.Sent.Headers[name].ToArray());
    }

    [Fact]
    public async Task SetHeader_Host_IsWhatTheBackendSees()
    {
        var context = Create();
        context.Http.Request.Headers.Host = "gateway";

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: SetHeader("host", "override", "inner"))).ExecuteAsync(context);

        Assert.Equal("inner", Assert.Single(context.FakeBackend.Requests).Host);
    }

    [Theory]
    [InlineData("<set-backend-service base-url=\"http://new/base/\" />", "http://new/base/p?q=1")]
    [InlineData("<set-backend-service base-url=\" \" />", "http://api/p?q=1")]
    [InlineData("<set-backend-service backend-id=\"b\" />", "http://b/p?q=1")]
    [InlineData("<set-backend-service base-url=\"http://new\" /><set-backend-service backend-id=\"b\" />", "http://b/p?q=1")]
    [InlineData("<set-backend-service backend-id=\"b\" /><set-backend-service base-url=\"http://new\" />", "http://b/p?q=1")]
    [InlineData("<set-backend-service backend-id=\"b\" /><set-backend-service backend-id=\"c\" />", "http://c/p?q=1")]
    public async Task SetBackendService_InInboundOrBackend_ChangesTheBase(string element, string url)
    {
        foreach (var api in new[] { Compiled.Text(inbound: element), Compiled.Text(backend: element + "<base />") })
        {
            var context = Create();
            context.Backends["b"] = new("b", "http://b");
            context.Backends["c"] = new("c", "http://c");

            await Compiled.Pipeline(null, null, api).ExecuteAsync(context);

            Assert.Equal(url, Assert.Single(context.FakeBackend.Requests).Url);
        }
    }

    [Theory]
    [InlineData("/put", null, "?a=b&c=d", "/put?c=d")]
    [InlineData("/put", "false", "?a=b&c=d", "/put")]
    [InlineData("/put?x={b}", null, "?a=b&c=d", "/put?x=v%26%20w&c=d")]
    [InlineData("/put?x=1", "false", "?c=d", "/put?x=1")]
    [InlineData("/put?x=1", null, "", "/put?x=1")]
    [InlineData("/put/{id}", null, "?%61=b&A=1&e", "/put/7%25%3Fx?e")]
    [InlineData("put/{id}/{id}", null, "", "/put/7%25%3Fx/7%25%3Fx")]
    [InlineData("/x/{*rest}", null, "", "/x/a/b%20c")]
    [InlineData("/x/{*}", null, "", "/x/tail")]
    [InlineData("", null, "?c=d", "?c=d")]
    [InlineData("/?", null, "?c=d", "/?c=d")]
    [InlineData("/put", null, "?c=d&&f", "/put?c=d&f")]
    public async Task RewriteUri_Template_MakesPathAndQuery(string template, string? copy, string query, string expected)
    {
        var context = Create();
        context.Backend.Query = query;
        context.QueryNames.Add("a");
        context.MatchedParameters["b"] = "v& w";
        context.MatchedParameters["ID"] = "7%?x";
        context.MatchedParameters["rest"] = "a/b c";
        context.MatchedParameters["*"] = "tail";
        var attribute = copy is null ? "" : $" copy-unmatched-params=\"{copy}\"";

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: $"<rewrite-uri template=\"{template}\"{attribute} />")).ExecuteAsync(context);

        Assert.Equal("http://api" + expected, Assert.Single(context.FakeBackend.Requests).Url);
    }

    [Theory]
    [InlineData("/x/{v}", "../../admin", 400, "DotSegment")]
    [InlineData("/x/{v}/y", "..", 400, "DotSegment")]
    [InlineData("/x/.{v}", ".", 400, "DotSegment")]
    [InlineData("/x/{unknown}", "1", 500, "ParameterNotFound")]
    public async Task RewriteUri_ValueThatDoesNotFit_IsRefused(string template, string value, int status, string reason)
    {
        var context = Create();
        context.MatchedParameters["v"] = value;

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: $"<rewrite-uri template=\"{template}\" />")).ExecuteAsync(context);

        Assert.Equal((status, reason), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Theory]
    [InlineData("", 200, null, "", null)]
    [InlineData("<set-status code=\"201\" reason=\"Made\" />", 201, "Made", "", null)]
    [InlineData("<set-body>a &lt; b</set-body>", 200, null, "a < b", null)]
    [InlineData("<set-body><![CDATA[<a/>]]></set-body><set-header name=\"Content-Type\"><value>text/xml</value></set-header><set-status code=\"503\" />", 503, null, "<a/>", "text/xml")]
    [InlineData("<set-status code=\"204\" /><set-body>ignored</set-body>", 204, null, "", null)]
    [InlineData("<set-body>  \n </set-body>", 200, null, "", null)]
    public async Task ReturnResponse_AnySection_EndsTheRequest(string children, int status, string? reason, string body, string? contentType)
    {
        const string after = "<set-header name=\"X-After\"><value>1</value></set-header>";
        var element = $"<return-response>{children}</return-response>" + after;
        foreach (var api in new[]
        {
            Compiled.Text(inbound: element, outbound: after),
            Compiled.Text(backend: element, outbound: after),
            Compiled.Text(backend: "<base/>" + element, outbound: after),
            Compiled.Text(outbound: element),
            Compiled.Text(backend: "<forward-request fail-on-error-status-code=\"true\" />", onError: element),
        })
        {
            var context = Create();
            context.FakeBackend.Status = 404;

            await Compiled.Pipeline(null, null, api).ExecuteAsync(context);

            Assert.Equal((status, reason, body), (context.Sent.StatusCode, context.Sent.ReasonPhrase, context.Sent.BodyText));
            Assert.Equal(contentType, context.Sent.Headers.ContentType.FirstOrDefault());
            Assert.Equal(status == 204 ? null : Encoding.UTF8.GetByteCount(body), context.Sent.Headers.ContentLength);
            Assert.False(context.Sent.Headers.ContainsKey("X-After"));
            Assert.False(context.Sent.Headers.ContainsKey("X-Backend"));
            Assert.Equal(0, context.FakeBackend.Live);
        }
    }

    [Fact]
    public async Task ReturnResponse_AfterSetBody_DropsThatToo()
    {
        var context = Create();

        await Compiled.Pipeline(null, null, Compiled.Text(outbound: "<set-body>x</set-body><return-response />")).ExecuteAsync(context);

        Assert.Equal(("", false), (context.Sent.BodyText, context.Sent.Headers.ContainsKey("X-Backend")));
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task ReturnResponse_ToHead_HasTheLengthAndNoBody()
    {
        var context = FakePolicyContext.Create("HEAD");

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: "<return-response><set-body>abc</set-body></return-response>")).ExecuteAsync(context);

        Assert.Equal(("", 3L), (context.Sent.BodyText, context.Sent.Headers.ContentLength));
    }

    [Fact]
    public async Task SetStatus_InOutbound_KeepsTheBackendsBody()
    {
        var context = Create();
        context.FakeBackend.Status = 404;

        await Compiled.Pipeline(null, null, Compiled.Text(outbound: "<set-status code=\"200\" reason=\"Fine\" />")).ExecuteAsync(context);

        Assert.Equal((200, "Fine", "from backend"), (context.Sent.StatusCode, context.Sent.ReasonPhrase, context.Sent.BodyText));
    }

    [Theory]
    [InlineData("<set-body>é</set-body>", "é")]
    [InlineData("<set-body>a</set-body><set-body>b</set-body>", "b")]
    [InlineData("<set-body />", "")]
    public async Task SetBody_InOutbound_ReplacesTheBackendsBody(string element, string body)
    {
        var context = Create();

        await Compiled.Pipeline(null, null, Compiled.Text(outbound: element)).ExecuteAsync(context);

        Assert.Equal(body, context.Sent.BodyText);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), context.Sent.Headers.ContentLength);
        Assert.Equal("yes", context.Sent.Headers["X-Backend"]);
        Assert.Equal("text/plain", context.Sent.Headers.ContentType);
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task SetBody_OfAnUpgradedConnection_DoesNothing()
    {
        var context = Create();
        context.FakeBackend.IsUpgrade = true;

        await Compiled.Pipeline(null, null, Compiled.Text(outbound: "<set-body>x</set-body>")).ExecuteAsync(context);

        Assert.Equal("from backend", context.Sent.BodyText);
    }

    [Fact]
    public async Task SetBody_InInbound_ReplacesTheRequestsBody()
    {
        var context = Create();
        context.Http.Request.Body = new MemoryStream("old and longer"u8.ToArray());
        context.Http.Request.ContentLength = 14;
        context.Http.Request.Headers.ContentEncoding = "gzip";

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: "<set-body>new</set-body>")).ExecuteAsync(context);

        var request = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal(("new", "3", null), (request.Body, request.Headers["Content-Length"], request.Headers.GetValueOrDefault("Content-Encoding")));
    }

    [Theory]
    [InlineData("", null, false, ForwardHttpVersion.Default)]
    [InlineData("timeout=\"60\" buffer-request-body=\"true\"", 60_000, true, ForwardHttpVersion.Default)]
    [InlineData("timeout-ms=\"250\" http-version=\"2\" buffer-response=\"false\" follow-redirects=\"false\"", 250, false, ForwardHttpVersion.Http2)]
    public async Task ForwardRequest_Attributes_ReachTheForwarder(string attributes, int? milliseconds, bool buffers, ForwardHttpVersion version)
    {
        var context = Create();

        await Compiled.Pipeline(null, null, Compiled.Text(backend: $"<forward-request {attributes} />")).ExecuteAsync(context);

        var timeout = milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        Assert.Equal(new ForwardOptions(timeout, buffers) { HttpVersion = version }, Assert.Single(context.FakeBackend.Requests).Options);
    }

    private static string SetHeader(string name, string action, string values) =>
        $"<set-header name=\"{name}\" exists-action=\"{action}\">{string.Concat(values.Length == 0 ? [] : values.Split('|').Select(v => $"<value>{v}</value>"))}</set-header>";

    private static FakePolicyContext Create()
    {
        var context = FakePolicyContext.Create();
        context.Backend.BaseUrl = "http://api";
        context.Backend.Path = "/p";
        context.Backend.Query = "?q=1";
        return context;
    }
}
