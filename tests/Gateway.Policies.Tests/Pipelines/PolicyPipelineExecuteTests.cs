using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Tests.Fakes;
using Gateway.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Tests.Pipelines;

public sealed class PolicyPipelineExecuteTests
{
    private const string Marks = "<set-header name=\"X-Error\"><value>seen</value></set-header>";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_NoDocuments_StreamsTheBackend(bool answersLater)
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.AnswersLater = answersLater;
        context.FakeBackend.Status = 418;
        context.Backend.BaseUrl = "http://b";
        context.Backend.Path = "/p";
        context.Backend.Query = "?q=1";

        await PolicyPipeline.Default.ExecuteAsync(context);

        Assert.Equal("http://b/p?q=1", Assert.Single(context.FakeBackend.Requests).Url);
        AssertSent(context, 418, "from backend");
        Assert.Equal("yes", context.Sent.Headers["X-Backend"]);
        Assert.Null(context.LastError);
    }

    [Fact]
    public async Task Execute_NothingForwards_AnswersEmpty()
    {
        var context = await RunAsync("<policies><backend /><outbound><set-status code=\"202\" /></outbound></policies>");

        AssertSent(context, 202, "");
        Assert.Empty(context.FakeBackend.Requests);
    }

    public static TheoryData<BackendFailure, string> Internal { get; } = new()
    {
        { BackendFailure.ConnectionFailure, "BackendConnectionFailure" },
        { BackendFailure.Timeout, "Timeout" },
        { BackendFailure.NoDestination, "NoDestination" },
    };

    [Theory]
    [MemberData(nameof(Internal))]
    public async Task Execute_BackendFails_AnswersInternalErrorWithTheRequestsId(BackendFailure failure, string reason)
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Failure = new BackendFailedException(failure, "It failed.");

        await Compiled.Pipeline(null, null, Compiled.Text(backend: "<forward-request id=\"f\" />", onError: Marks)).ExecuteAsync(context);

        AssertSent(context, 500, $"{{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"{context.RequestId:D}\" }}");
        Assert.Equal("application/json", context.Sent.Headers.ContentType);
        Assert.Equal("seen", context.Sent.Headers["X-Error"]);
        Assert.Equal(
            new LastError
            {
                Source = "forward-request", Reason = reason, Message = "It failed.", Scope = "api", Section = "backend",
                Path = "forward-request[1]", PolicyId = "f",
            },
            context.LastError);
        Assert.Single(context.Failures);
    }

    [Fact]
    public async Task Execute_Loop_Answers508()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Failure = new BackendFailedException(BackendFailure.Loop, "It is me.");

        await PolicyPipeline.Default.ExecuteAsync(context);

        AssertSent(context, 508, "{ \"statusCode\": 508, \"message\": \"Loop detected\" }");
    }

    [Fact]
    public async Task Execute_ClientLeft_AnswersNothingAndRunsNoOnError()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Failure = new BackendFailedException(BackendFailure.ClientAborted, "Gone.");

        await Compiled.Pipeline(null, null, Compiled.Text(onError: Marks)).ExecuteAsync(context);

        Assert.False(context.Sent.HasStarted);
        Assert.Empty(context.Sent.Headers);
        Assert.Equal("ClientConnectionFailure", context.LastError!.Reason);
    }

    [Fact]
    public async Task Execute_AnswerBreaksMidBody_AbortsTheClient()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.CommitFailure = new BackendFailedException(BackendFailure.ResponseBroken, "Broken.");
        context.FakeBackend.BreaksMidBody = true;

        await Compiled.Pipeline(null, null, Compiled.Text(onError: Marks)).ExecuteAsync(context);

        Assert.True(context.Sent.IsAborted);
        Assert.False(context.Sent.Headers.ContainsKey("X-Error"));
        Assert.Equal(("BackendConnectionFailure", "backend"), (context.LastError!.Reason, context.LastError.Section));
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task Execute_CommitFailsBeforeTheFirstByte_OnErrorAnswers()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.CommitFailure = new BackendFailedException(BackendFailure.ConnectionFailure, "Reset.");

        await Compiled.Pipeline(null, null, Compiled.Text(
            onError: "<return-response><set-status code=\"502\" /><set-body>sorry</set-body></return-response>")).ExecuteAsync(context);

        AssertSent(context, 502, "sorry");
        Assert.Null(context.Sent.Headers.ContentType.FirstOrDefault());
    }

    [Fact]
    public async Task Execute_KeptAnswerBreaksBeforeTheFirstByte_IsAnsweredWithoutTheBackend()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Status = 503;
        context.FakeBackend.CommitFailure = new BackendFailedException(BackendFailure.ConnectionFailure, "Reset.");

        await Compiled.Pipeline(null, null, Compiled.Text(backend: "<forward-request fail-on-error-status-code=\"true\" />")).ExecuteAsync(context);

        Assert.Equal((500, 2), (context.Sent.StatusCode, context.Failures.Count));
        Assert.Contains("Internal server error", context.Sent.BodyText, StringComparison.Ordinal);
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task Execute_ErrorInOutbound_DropsTheBackendsAnswer()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.DiscardBodyFailure = new InvalidOperationException("A bug.");

        await Compiled.Pipeline(null, null, Compiled.Text(
            outbound: "<set-header name=\"X-Outbound\"><value>1</value></set-header><set-body>new</set-body>", onError: Marks)).ExecuteAsync(context);

        AssertSent(context, 500, $"{{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"{context.RequestId:D}\" }}");
        Assert.False(context.Sent.Headers.ContainsKey("X-Backend"));
        Assert.False(context.Sent.Headers.ContainsKey("X-Outbound"));
        Assert.Equal("seen", context.Sent.Headers["X-Error"]);
    }

    [Fact]
    public async Task Execute_UnexpectedException_IsReportedAndAnswered()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Failure = new InvalidOperationException("A bug.");

        await PolicyPipeline.Default.ExecuteAsync(context);

        Assert.Equal(500, context.Sent.StatusCode);
        Assert.IsType<InvalidOperationException>(Assert.Single(context.Failures));
        Assert.Equal(("InternalError", "forward-request[1]", "global"), (context.LastError!.Reason, context.LastError.Path, context.LastError.Scope));
    }

    [Fact]
    public async Task Execute_ExceptionAfterTheClientLeft_IsNotTheGatewaysFault()
    {
        var context = FakePolicyContext.Create();
        context.Sent.ClientLeaves();
        context.FakeBackend.Failure = new OperationCanceledException();

        await PolicyPipeline.Default.ExecuteAsync(context);

        Assert.Equal("ClientConnectionFailure", context.LastError!.Reason);
        Assert.False(context.Sent.HasStarted);
    }

    [Fact]
    public async Task Execute_BadRequestBody_IsAnsweredWithItsStatus()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Failure = new BadHttpRequestException("Request body too large.", 413);

        await PolicyPipeline.Default.ExecuteAsync(context);

        AssertSent(context, 413, "{ \"statusCode\": 413, \"message\": \"Request body too large.\" }");
    }

    [Fact]
    public async Task Execute_ErrorInOnError_SkipsItsRestAndIsAnswered()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Status = 503;
        context.FakeBackend.DiscardBodyFailure = new PolicyException(
            new LastError { Source = "set-body", Reason = "Test", Message = "No more." }, 429, "Slow down.");

        await Compiled.Pipeline(null, null, Compiled.Text(
            backend: "<forward-request fail-on-error-status-code=\"true\" />", onError: "<set-body>x</set-body>" + Marks)).ExecuteAsync(context);

        AssertSent(context, 429, "{ \"statusCode\": 429, \"message\": \"Slow down.\" }");
        Assert.Equal((429, "on-error"), (context.Sent.StatusCode, context.LastError!.Section));
        Assert.Equal(2, context.Failures.Count);
        Assert.False(context.Sent.Headers.ContainsKey("X-Error"));
    }

    [Theory]
    [InlineData("", 401, "{ \"statusCode\": 401, \"message\": \"No key.\" }")]
    [InlineData("<set-status code=\"403\" reason=\"No\" />", 403, "{ \"statusCode\": 401, \"message\": \"No key.\" }")]
    [InlineData("<set-body>none</set-body>", 401, "none")]
    [InlineData("<return-response />", 200, "")]
    public async Task Fail_BeforeThePipeline_RunsOnErrorOnly(string onError, int status, string body)
    {
        var context = FakePolicyContext.Create();
        var error = new LastError { Source = "authorization", Reason = "SubscriptionKeyNotFound", Message = "No key." };

        await Compiled.Pipeline(null, null, Compiled.Text(inbound: Marks, onError: onError))
            .FailAsync(context, new PolicyException(error, 401, "No key."));

        AssertSent(context, status, body);
        Assert.Same(error, context.LastError);
        Assert.Empty(context.FakeBackend.Requests);
        Assert.False(context.Http.Request.Headers.ContainsKey("X-Error"));
    }

    [Theory]
    [InlineData(399, false)]
    [InlineData(400, true)]
    [InlineData(599, true)]
    public async Task Execute_FailOnErrorStatusCode_RunsOnErrorWithTheBackendsAnswer(int status, bool fails)
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.Status = status;

        await Compiled.Pipeline(null, null, Compiled.Text(backend: "<forward-request fail-on-error-status-code=\"true\" />", onError: Marks))
            .ExecuteAsync(context);

        AssertSent(context, status, "from backend");
        Assert.Equal(fails, context.Sent.Headers.ContainsKey("X-Error"));
        Assert.Equal(fails, context.LastError?.Reason == "BackendErrorStatusCode");
    }

    [Fact]
    public async Task Execute_PathOfAFailedStep_CountsInheritedSiblings()
    {
        var context = FakePolicyContext.Create();
        var global = Compiled.Text(inbound: Marks, backend: "<forward-request />");

        await Compiled.Pipeline(global, null, Compiled.Text(inbound: Marks + "<base /><set-backend-service id=\"p\" backend-id=\"gone\" />")).ExecuteAsync(context);

        Assert.Equal(
            ("set-backend-service", "NoDestination", "api", "inbound", "set-backend-service[3]", "p"),
            (context.LastError!.Source, context.LastError.Reason, context.LastError.Scope, context.LastError.Section, context.LastError.Path, context.LastError.PolicyId));
    }

    [Fact]
    public void Execute_TwoLiteralHeaders_AllocatesNothing()
    {
        const string header = "<set-header name=\"X-{0}\"><value>a</value></set-header>";
        var pipeline = Compiled.Pipeline(Compiled.Text(inbound: header.Replace("{0}", "A", StringComparison.Ordinal), backend: "", outbound: header.Replace("{0}", "B", StringComparison.Ordinal)));
        var context = FakePolicyContext.Create();

        Assert.Equal(0, Allocations.Of(() => Assert.True(pipeline.ExecuteAsync(context).IsCompletedSuccessfully)));
        Assert.Equal("a", context.Http.Request.Headers["X-A"]);
        Assert.Equal("a", context.Sent.Headers["X-B"]);
    }

    private static async Task<FakePolicyContext> RunAsync(string api)
    {
        var context = FakePolicyContext.Create();
        await Compiled.Pipeline(null, null, api).ExecuteAsync(context);
        return context;
    }

    private static void AssertSent(FakePolicyContext context, int status, string body)
    {
        Assert.Equal((status, body), (context.Sent.StatusCode, context.Sent.BodyText));
        Assert.False(context.Sent.IsAborted);
        Assert.Null(context.Exchange);
        Assert.Equal(0, context.FakeBackend.Live);
    }
}
