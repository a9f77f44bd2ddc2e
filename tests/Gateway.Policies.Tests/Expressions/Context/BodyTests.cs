using System.Text;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Expressions.Context;

/// <summary>How expressions read bodies, and what is left of them.</summary>
public sealed class BodyTests
{
    private const string Json = """{"a":1,"b":[2,3],"c":"2020-01-02"}""";
    private const string Xml = "<r><a>1</a></r>";

    [Theory]
    [InlineData("As<JObject>(preserveContent: true)[\"a\"]", Json, "application/json", "1")]
    [InlineData("As<JObject>(true)[\"b\"][1]", Json, "application/json", "3")]
    [InlineData("As<JToken>(true).Type", "[1]", "text/plain", "Array")]
    [InlineData("As<JArray>(true).Count", "[1,2]", "application/json", "2")]
    [InlineData("As<string>(true)", "plain", "text/plain", "plain")]
    [InlineData("As<byte[]>(true).Length", "plain", "text/plain", "5")]
    [InlineData("As<XElement>(true).Element(\"a\").Value", Xml, "text/xml", "1")]
    [InlineData("As<XDocument>(true).Root.Name.LocalName", Xml, "application/xml", "r")]
    [InlineData("As<XNode>(true).NodeType", Xml, "application/xml", "Document")]
    [InlineData("AsFormUrlEncodedContent(true)[\"a b\"][1]", "a+b=1&a+b=%32&c", "application/x-www-form-urlencoded", "2")]
    [InlineData("AsFormUrlEncodedContent(true).ToQueryString()", "a+b=1&c=", "application/x-www-form-urlencoded", "a%20b=1&c=")]
    public async Task Request_ReadWithPreserveContent_IsForwardedAsItWas(string read, string body, string type, string expected)
    {
        var context = Post(body, type);

        await Run(context, inbound: Header($"context.Request.Body.{read}"));

        Assert.Null(context.LastError);
        var forwarded = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal((expected, body), (forwarded.Headers["X-Value"], forwarded.Body));
        Assert.Equal(Encoding.UTF8.GetByteCount(body).ToString(), forwarded.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Request_ReadWithoutPreserveContent_IsGone()
    {
        var context = Post(Json, "application/json");

        await Run(context, inbound: Header("context.Request.Body.As<JObject>()[\"a\"]"));

        var forwarded = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal(("1", "", "0"), (forwarded.Headers["X-Value"], forwarded.Body, forwarded.Headers["Content-Length"]));
    }

    [Fact]
    public async Task Request_ReadASecondTime_FailsUnlessPreserved()
    {
        var context = Post(Json, "application/json");

        await Run(context, inbound: Header("context.Request.Body.As<string>()") + Header("context.Request.Body.As<string>()"));

        Assert.Equal(("ExpressionValueEvaluationFailure", "set-header[2]"), (context.LastError!.Reason, context.LastError.Path));
        Assert.Contains("preserve its content", context.LastError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetBody_OfWhatItRead_ReplacesTheRequest()
    {
        var context = Post(Json, "application/json");

        await Run(context, inbound: "<set-body>@{ var body = context.Request.Body.As<JObject>(); body[\"a\"] = 5; return body.ToString(Newtonsoft.Json.Formatting.None); }</set-body>"
            + Header("context.Request.Body.As<JObject>(true)[\"a\"]"));

        Assert.Null(context.LastError);
        var forwarded = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal("""{"a":5,"b":[2,3],"c":"2020-01-02"}""", forwarded.Body);
        Assert.Equal("5", forwarded.Headers["X-Value"]);
    }

    [Theory]
    [InlineData("\"text ä\"", "text ä")]
    [InlineData("new byte[] { 65, 66 }", "AB")]
    [InlineData("new JArray(1, 2).ToString(Newtonsoft.Json.Formatting.None)", "[1,2]")]
    [InlineData("(string)null", "")]
    [InlineData("12.5", "12.5")]
    [InlineData("new XElement(\"a\", 1)", "<a>1</a>")]
    public async Task SetBody_OfAnyResult_IsBytesOrItsText(string expression, string expected)
    {
        var context = Post("old", "text/plain");

        await Run(context, inbound: $"<set-body>@({expression})</set-body>", outbound: $"<set-body>@({expression})</set-body>");

        Assert.Null(context.LastError);
        Assert.Equal((expected, expected), (Assert.Single(context.FakeBackend.Requests).Body, context.Sent.BodyText));
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Theory]
    [InlineData("context.Response.Body.As<JObject>(true)[\"a\"]", Json)]
    [InlineData("context.Response.Body.As<JObject>()[\"a\"]", "")]
    public async Task Response_Read_IsSentOnlyIfPreserved(string expression, string sent)
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Body = Json;
        context.FakeBackend.AnswersLater = true;

        await Run(context, outbound: Header(expression));

        Assert.Null(context.LastError);
        Assert.Equal(("1", sent, 0), (context.Sent.Headers["X-Value"].ToString(), context.Sent.BodyText, context.FakeBackend.Live));
    }

    [Fact]
    public async Task SetBody_OfTheResponseItRead_ReplacesIt()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Body = Json;

        await Run(context, outbound: "<set-body>@(context.Response.Body.As<JObject>()[\"b\"].ToString(Newtonsoft.Json.Formatting.None))</set-body>"
            + Header("context.Response.Body.As<JArray>(true).Count"));

        Assert.Null(context.LastError);
        Assert.Equal(("2", "[2,3]", 0), (context.Sent.Headers["X-Value"].ToString(), context.Sent.BodyText, context.FakeBackend.Live));
    }

    [Theory]
    [InlineData("gzip", "As<string>(true)", false)]
    [InlineData("br", "As<JObject>(true)", false)]
    [InlineData("gzip", "AsFormUrlEncodedContent(true).Count", false)]
    [InlineData("identity", "As<string>(true)", true)]
    [InlineData("zstd", "As<string>(true)", false)]
    [InlineData("zstd", "As<byte[]>(true).Length", true)]
    [InlineData("gzip", "As<byte[]>(true).Length", true)]
    public async Task Body_NotOfItsContentEncodingOrOfAnUnknownOne_IsReadAsBytesOnly(string encoding, string read, bool works)
    {
        var context = Post("{}", "application/json");
        context.Http.Request.Headers.ContentEncoding = encoding;

        await Run(context, inbound: Header($"context.Request.Body.{read}"));

        Assert.Equal(works, context.LastError is null);
        Assert.True(works || context.LastError!.Message.Contains("content encoding", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("As<JObject>()", "{\"a\":")]
    [InlineData("As<JObject>()", "[1]")]
    [InlineData("As<JObject>()", "{} {}")]
    [InlineData("As<XElement>()", "<a>")]
    [InlineData("As<XElement>()", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("As<Guid>()", "x")]
    public async Task Body_OfAnotherKind_FailsTheRequest(string read, string body)
    {
        var context = Post(body, "text/plain");

        await Run(context, inbound: Header($"context.Request.Body.{read}"));

        Assert.Equal((500, "ExpressionValueEvaluationFailure"), (context.Sent.StatusCode, context.LastError!.Reason));
    }

    [Theory]
    [InlineData("[", "]", 128, "As<JToken>().Type", true)]
    [InlineData("[", "]", 129, "As<JToken>().Type", false)]
    [InlineData("<a>", "</a>", 250, "As<XElement>().Value.Length", true)]
    [InlineData("<a>", "</a>", 300, "As<XElement>().Value.Length", false)]
    [InlineData("<a>", "</a>", 100_000, "As<XElement>().Value.Length", false)]
    public async Task Body_NestedTooDeep_FailsTheRequest(string open, string close, int depth, string read, bool works)
    {
        var context = FakePolicyContext.Create();
        context.Limit = 1_000_000;
        context.FakeBackend.Body = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));

        await Run(context, outbound: Header($"context.Response.Body.{read}"));

        Assert.Equal(works ? null : "ExpressionValueEvaluationFailure", context.LastError?.Reason);
        Assert.Equal(0, context.FakeBackend.Live);
    }

    /// <summary>What a short body can be made into: a budget ends it, not the memory of the node.</summary>
    [Theory]
    [InlineData("form", "context.Response.Body.AsFormUrlEncodedContent().Count")]
    [InlineData("json", "context.Response.Body.As<JToken>().Type")]
    [InlineData("deep", "context.Response.Body.As<JToken>()")]
    [InlineData("text", "context.Response.Body.As<string>().Length")]
    public async Task Body_ThatGrowsWhenItIsRead_EndsTheBudget(string kind, string expression)
    {
        var context = FakePolicyContext.Create();
        context.Limit = 40_000_000;
        context.FakeBackend.Body = kind switch
        {
            "form" => string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"{i:x}&")),
            "json" => $"[{string.Join(',', Enumerable.Repeat("[]", 2_000_000))}]",
            "deep" => new string('[', 127) + string.Join(',', Enumerable.Repeat('1', 200_000)) + new string(']', 127),
            _ => new string('x', 39_000_000),
        };
        var before = GC.GetTotalAllocatedBytes();

        await Run(context, outbound: $"<set-body>@({expression})</set-body>");

        Assert.Equal(("ExpressionValueEvaluationFailure", 500), (context.LastError?.Reason, context.Sent.StatusCode));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 400_000_000);
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task Body_LongerThanTheBound_FailsTheRequest(int length, bool works)
    {
        foreach (var announced in (bool[])[true, false])
        {
            var context = Post(new string('x', length), "text/plain");
            context.Http.Request.ContentLength = announced ? length : null;

            await Run(context, inbound: Header("context.Request.Body.As<string>(true).Length"));

            Assert.Equal(works, context.LastError is null);
            Assert.True(works || context.LastError!.Message.Contains("longer than the 1000 bytes", StringComparison.Ordinal));
            Assert.Equal(works ? 1 : 0, context.FakeBackend.Requests.Count);
        }

        var answer = FakePolicyContext.Create();
        answer.FakeBackend.Body = new string('x', length);
        await Run(answer, outbound: Header("context.Response.Body.As<string>(true).Length"));
        Assert.Equal(works, answer.LastError is null);
        Assert.Equal(works ? 200 : 500, answer.Sent.StatusCode);
        Assert.Equal(0, answer.FakeBackend.Live);
    }

    [Fact]
    public async Task Request_ReadOnlyAfterItWasForwarded_IsNull()
    {
        var context = Post(Json, "application/json");

        await Run(context, outbound: Header("context.Request.Body == null"));

        Assert.Equal("True", context.Sent.Headers["X-Value"].ToString());
        Assert.Equal(Json, Assert.Single(context.FakeBackend.Requests).Body);
    }

    [Fact]
    public async Task Request_ReadBeforeAndAfterForwarding_IsStillThere()
    {
        var context = Post(Json, "application/json");

        await Run(
            context,
            inbound: Header("context.Request.Body.As<JObject>(preserveContent: true)[\"a\"]"),
            outbound: Header("context.Request.Body.As<JObject>(preserveContent: true)[\"a\"]"));

        Assert.Equal("1", context.Sent.Headers["X-Value"].ToString());
    }

    [Theory]
    [InlineData("HEAD", 200, false)]
    [InlineData("GET", 204, false)]
    [InlineData("GET", 304, false)]
    [InlineData("GET", 101, true)]
    public async Task Response_ThatHasNoBody_IsNull(string method, int status, bool upgrade)
    {
        var context = FakePolicyContext.Create(method);
        (context.FakeBackend.Status, context.FakeBackend.IsUpgrade, context.FakeBackend.CommitFailure) = (status, upgrade, new InvalidOperationException("committed"));

        await Run(context, outbound: Header("context.Response.Body == null") + "<return-response><set-status code=\"200\" /></return-response>");

        Assert.Null(context.LastError);
        Assert.Equal("", context.Sent.BodyText);
    }

    private static Task Run(FakePolicyContext context, string? inbound = null, string? outbound = null) =>
        Compiled.Pipeline(api: Compiled.Text(inbound: inbound is null ? null : $"<base />{inbound}", outbound: outbound)).ExecuteAsync(context).AsTask();

    private static string Header(string expression) =>
        $"<set-header name=\"X-Value\" exists-action=\"override\"><value>@({expression})</value></set-header>";

    private static FakePolicyContext Post(string body, string type)
    {
        var context = FakePolicyContext.Create("POST");
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Http.Request.Body = new MemoryStream(bytes);
        context.Http.Request.ContentLength = bytes.Length;
        context.Http.Request.ContentType = type;
        return context;
    }
}
