using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies;

/// <summary>Settings that are expressions, through real programs.</summary>
public sealed class ExpressionSettingsTests
{
    [Fact]
    public async Task SetHeader_AllSettings_MayBeExpressions()
    {
        var context = Create();
        context.Http.Request.Headers["X-Old"] = "1";

        await Run(
            context,
            """
            <set-header name="@("X-" + "New")" exists-action="@("app" + "end")"><value>@(context.Variables.GetValueOrDefault("n", 1).ToString())</value><value> b </value></set-header>
            <set-header name="X-Old" exists-action="@("delete")" />
            <set-header name="X-Null" exists-action="override"><value>@((string)null)</value></set-header>
            <set-header name="X-Number" exists-action="override"><value>@(1.5)</value></set-header>
            """);

        var headers = Assert.Single(context.FakeBackend.Requests).Headers;
        Assert.Equal(("1,b", "", "1.5"), (headers["X-New"], headers["X-Null"], headers["X-Number"]));
        Assert.DoesNotContain("X-Old", headers);
    }

    [Theory]
    [InlineData("<set-header name=\"@(&quot;a b&quot;)\" exists-action=\"delete\" />", "must be a header name")]
    [InlineData("<set-header name=\"@(&quot;&quot;)\" exists-action=\"delete\" />", "must not be empty")]
    [InlineData("<set-header name=\"@((string)null)\" exists-action=\"delete\" />", "must not be empty")]
    [InlineData("<set-header name=\"@(&quot;content-length&quot;)\"><value>1</value></set-header>", "belongs to the connection")]
    [InlineData("<set-header name=\"x\" exists-action=\"@(&quot;replace&quot;)\"><value>1</value></set-header>", "must be override, skip, append or delete")]
    [InlineData("<set-header name=\"x\"><value>@(&quot;a\\r\\nb: c&quot;)</value></set-header>", "control characters")]
    [InlineData("<set-backend-service base-url=\"@(&quot;ftp://a&quot;)\" />", "must be an absolute http, https, ws or wss URL")]
    [InlineData("<set-backend-service base-url=\"@(&quot;//a&quot;)\" />", "must be an absolute http, https, ws or wss URL")]
    [InlineData("<set-backend-service backend-id=\"@(&quot;&quot;)\" />", "must not be empty")]
    [InlineData("<rewrite-uri template=\"@(&quot;/a b&quot;)\" />", "white space")]
    [InlineData("<rewrite-uri template=\"@(&quot;/../a&quot;)\" />", "segments . and ..")]
    [InlineData("<rewrite-uri template=\"@(&quot;/{a&quot;)\" />", "braces")]
    [InlineData("<return-response><set-status code=\"@(99)\" /></return-response>", "from 200 to 599")]
    [InlineData("<return-response><set-status code=\"@(&quot;600&quot;)\" /></return-response>", "from 200 to 599")]
    [InlineData("<return-response><set-status code=\"200\" reason=\"@(&quot;a\\nb&quot;)\" /></return-response>", "only printable ASCII")]
    [InlineData("<return-response response-variable-name=\"none\" />", "holds no response")]
    [InlineData("<rate-limit-by-key calls=\"1\" renewal-period=\"1\" counter-key=\"@((string)null)\" />", "must not be empty")]
    public async Task Value_ThatTheLiteralCouldNotHave_Is500(string policy, string message)
    {
        var context = Create();

        await Run(context, policy);

        var error = context.LastError!;
        Assert.Equal("ExpressionValueValidationFailure", error.Reason);
        Assert.Equal(policy[1..policy.IndexOf(' ', StringComparison.Ordinal)].Split('>')[0], error.Source);
        Assert.StartsWith("Expression value is invalid. ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(500, context.Sent.StatusCode);
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Fact]
    public async Task Budget_UsedUp_IsGivenAnewToOnError()
    {
        var context = Create();
        var pipeline = Compiled.Pipeline(Compiled.Text(
            inbound: "<set-variable name=\"x\" value=\"@{ while (true) { try { var s = new string('x', 100000); } catch { continue; } } return 1; }\" />",
            onError: "<set-header name=\"X-Reason\"><value>@(context.LastError.Source + \"/\" + context.LastError.Reason)</value></set-header>"));

        await pipeline.ExecuteAsync(context);

        Assert.Equal(500, context.Sent.StatusCode);
        Assert.Equal("set-variable/ExpressionValueEvaluationFailure", context.Http.Response.Headers["X-Reason"]);
    }

    [Theory]
    [InlineData("<return-response><set-status code=\"@((object)&quot;x&quot;)\" /></return-response>", "whole number is expected")]
    [InlineData("<return-response><set-status code=\"@((int?)null)\" /></return-response>", "whole number is expected")]
    [InlineData("<choose><when condition=\"@((object)&quot;true&quot;)\" /></choose>", "true or false is expected")]
    [InlineData("<choose><when condition=\"@((bool?)null)\" /></choose>", "true or false is expected")]
    [InlineData("<set-header name=\"x\"><value>@(new { A = 1 })</value></set-header>", "text is expected")]
    [InlineData("<set-body>@(new List&lt;string&gt;())</set-body>", "text is expected")]
    public async Task Value_OfNoUse_Is500(string policy, string message)
    {
        var context = Create();

        await Run(context, policy);

        Assert.Equal("ExpressionValueEvaluationFailure", context.LastError!.Reason);
        Assert.Contains(message, context.LastError.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@(418)", "418")]
    [InlineData("@(\"418\")", "418")]
    [InlineData("@(418L)", "418")]
    [InlineData("@(418.0)", "418")]
    [InlineData("@((int?)418)", "418")]
    [InlineData("@((object)418)", "418")]
    [InlineData("@(new JObject(new JProperty(\"s\", 418))[\"s\"])", "418")]
    public async Task SetStatus_Code_MayComeAsAnyNumber(string code, string expected)
    {
        var context = Create();

        await Compiled.Pipeline(api: Compiled.Text(outbound: $"<set-status code='{code}' reason='@(\"I am \" + \"one\")' />")).ExecuteAsync(context);

        Assert.Equal((expected, "I am one"), (context.Sent.StatusCode.ToString(), context.Sent.ReasonPhrase));
    }

    [Fact]
    public async Task Routing_Settings_MayBeExpressions()
    {
        var context = Create();
        context.MatchedParameters["id"] = "7 8";
        context.Backends["b1"] = new BackendInfo("b1", "http://b1");

        await Run(
            context,
            """
            <set-variable name="token" value="@("t" + 1)" />
            <set-backend-service base-url="@("https://host.example/" + "base/")" />
            <rewrite-uri template="@("/x/{id}/" + (string)context.Variables["token"] + "?k=v")" />
            """,
            "<forward-request timeout=\"@(5 + 5)\" />");

        var forwarded = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal("https://host.example/base/x/7%208/t1?k=v&q=1", forwarded.Url);
        Assert.Equal(TimeSpan.FromSeconds(10), forwarded.Options.Timeout);

        var other = Create();
        other.Backends["b1"] = new BackendInfo("b1", "http://b1");
        await Run(other, "<set-backend-service backend-id=\"@(\"b\" + 1)\" />", "<forward-request timeout-ms=\"@(\"250\")\" />");
        Assert.Equal("http://b1/path?q=1", other.FakeBackend.Requests[0].Url);
        Assert.Equal(TimeSpan.FromMilliseconds(250), other.FakeBackend.Requests[0].Options.Timeout);

        var unknown = Create();
        await Run(unknown, "<set-backend-service backend-id=\"@(\"none\")\" />");
        Assert.Equal(("NoDestination", 500), (unknown.LastError!.Reason, unknown.Sent.StatusCode));
    }

    [Fact]
    public async Task SetVariable_Values_KeepTheirTypes()
    {
        var context = Create();
        context.Http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{\"a\":{\"b\":1}}"));

        await Run(
            context,
            """
            <set-variable name="text" value=" as is " />
            <set-variable name="number" value="@(5)" />
            <set-variable name="none" value="@((string)null)" />
            <set-variable name="json" value="@(context.Request.Body.As<JObject>(preserveContent: true))" />
            <set-variable name="number" value="@((int)context.Variables["number"] + 1)" />
            <set-variable name="inner" value="@((int)((JObject)context.Variables["json"])["a"]["b"])" />
            """);

        Assert.Null(context.LastError);
        Assert.Equal((" as is ", 6, null, 1), (context.Variables["text"], context.Variables["number"], context.Variables["none"], context.Variables["inner"]));
    }

    [Fact]
    public async Task ReturnResponse_Children_SeeTheAnswerThatTheyReplace()
    {
        var context = Create();
        (context.FakeBackend.Status, context.FakeBackend.Body) = (503, "sorry");

        await Compiled.Pipeline(api: Compiled.Text(outbound:
            """
            <return-response>
              <set-status code="@(context.Response.StatusCode - 1)" reason="@(context.Response.StatusReason)" />
              <set-header name="X-From" exists-action="override"><value>@(context.Response.Headers.GetValueOrDefault("X-Backend"))</value></set-header>
              <set-body>@("was " + context.Response.Body.As<string>())</set-body>
            </return-response>
            """)).ExecuteAsync(context);

        Assert.Null(context.LastError);
        Assert.Equal((502, "Service Unavailable", "was sorry"), (context.Sent.StatusCode, context.Sent.ReasonPhrase, context.Sent.BodyText));
        Assert.Equal(("yes", false, 0), (context.Sent.Headers["X-From"].ToString(), context.Sent.Headers.ContainsKey("X-Backend"), context.FakeBackend.Live));
    }

    [Fact]
    public async Task ReturnResponse_OfAVariable_IsThatResponse()
    {
        var context = Create();
        (context.FakeBackend.Status, context.FakeBackend.Body) = (201, "made");

        await Compiled.Pipeline(api: Compiled.Text(outbound:
            """
            <set-variable name="kept" value="@(context.Response)" />
            <return-response response-variable-name="kept"><set-header name="X-More" exists-action="override"><value>1</value></set-header></return-response>
            """)).ExecuteAsync(context);

        Assert.Null(context.LastError);
        Assert.Equal((201, "made", 0), (context.Sent.StatusCode, context.Sent.BodyText, context.FakeBackend.Live));
        Assert.Equal(("yes", "1"), (context.Sent.Headers["X-Backend"].ToString(), context.Sent.Headers["X-More"].ToString()));
    }

    private static FakePolicyContext Create()
    {
        var context = FakePolicyContext.Create();
        (context.Backend.BaseUrl, context.Backend.Path, context.Backend.Query) = ("http://inner", "/path", "?q=1");
        return context;
    }

    private static Task Run(FakePolicyContext context, string inbound, string? backend = null) =>
        Compiled.Pipeline(api: Compiled.Text(inbound: inbound, backend: backend)).ExecuteAsync(context).AsTask();
}
