using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Tests.Fakes;
using Gateway.Testing;

namespace Gateway.Policies.Tests.Policies;

/// <summary>Branches: which runs, where failures stand, and what they cost.</summary>
public sealed class ChooseTests
{
    [Theory]
    [InlineData(1, "one")]
    [InlineData(2, "two")]
    [InlineData(3, "other")]
    [InlineData(4, "other")]
    public async Task Choose_FirstTrueCondition_Runs(int value, string expected)
    {
        var context = FakePolicyContext.Create();

        await Run(context, $"""
            <set-variable name="v" value="@({value})" />
            <choose>
              <when condition="@((int)context.Variables["v"] == 1)">{Variable("one")}</when>
              <when condition="@((int)context.Variables["v"] <= 2)">{Variable("two")}</when>
              <when condition="false">{Variable("never")}</when>
              <otherwise>{Variable("other")}</otherwise>
            </choose>
            """);

        Assert.Null(context.LastError);
        Assert.Equal(expected, context.Variables["result"]);
    }

    [Fact]
    public async Task Choose_NothingTrueAndNoOtherwise_DoesNothing()
    {
        var context = FakePolicyContext.Create();

        await Run(context, $"<choose><when condition=\"@(1 > 2)\">{Variable("x")}</when></choose>");

        Assert.Empty(context.Variables);
        Assert.Single(context.FakeBackend.Requests);
    }

    [Theory]
    [InlineData("@((string)context.Variables[\"none\"] == \"\")", "", "choose", "choose[2]/when[2]", "outer")]
    [InlineData("@(true)", "<set-header name=\"a\"><value>@((string)context.Variables[\"none\"])</value></set-header>", "set-header", "choose[2]/when[2]/set-header[2]", null)]
    [InlineData("@(true)", "<choose><when condition=\"@(false)\" /><otherwise><set-backend-service id=\"in\" backend-id=\"none\" /></otherwise></choose>", "set-backend-service", "choose[2]/when[2]/choose[2]/otherwise[2]/set-backend-service[1]", "in")]
    public async Task Failure_InABranch_SaysWhere(string condition, string steps, string source, string path, string? id)
    {
        var context = FakePolicyContext.Create();

        await Run(context, $"""
            <set-variable name="v" value="1" />
            <choose id="outer"><when condition="@(false)" /><when condition='{condition}'><set-variable name="w" value="1" />{steps}</when></choose>
            """);

        var error = context.LastError!;
        Assert.Equal((source, path, id), (error.Source, error.Path, error.PolicyId));
        Assert.Equal(("api", "inbound"), (error.Scope, error.Section));
        Assert.Equal(500, context.Sent.StatusCode);
    }

    [Fact]
    public async Task Failure_OfAStepThatWaits_SaysWhere()
    {
        var context = FakePolicyContext.Create();
        context.FakeBackend.AnswersLater = true;
        context.FakeBackend.Failure = new BackendFailedException(BackendFailure.Timeout, "late");

        await Compiled.Pipeline(api: Compiled.Text(backend:
            "<choose><when condition=\"true\"><set-variable name=\"a\" value=\"b\" /><forward-request id=\"f\" /></when></choose>")).ExecuteAsync(context);

        Assert.Equal(
            ("forward-request", "Timeout", "choose[1]/when[1]/forward-request[2]", "backend", "f"),
            (context.LastError!.Source, context.LastError.Reason, context.LastError.Path, context.LastError.Section, context.LastError.PolicyId));
        Assert.Equal(0, context.FakeBackend.Live);
    }

    [Fact]
    public async Task ReturnResponse_InABranch_EndsEverything()
    {
        var context = FakePolicyContext.Create();

        await Run(context, $"""
            <choose><when condition="true">
              <choose><when condition="true"><return-response><set-status code="202" /></return-response>{Variable("inner")}</when></choose>
              {Variable("outer")}
            </when></choose>
            {Variable("behind")}
            """);

        Assert.Equal(202, context.Sent.StatusCode);
        Assert.Empty(context.Variables);
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Fact]
    public async Task StepsThatWait_InABranch_RunInOrder()
    {
        var context = FakePolicyContext.Create("POST");
        context.Http.Request.Body = new LateStream("12345"u8.ToArray());

        await Run(context, """
            <choose><when condition="@(context.Request.Body.As<string>(preserveContent: true).Length == 5)">
              <set-body>@(context.Request.Body.As<string>() + "6")</set-body>
              <set-header name="X-Length" exists-action="override"><value>@(context.Request.Body.As<string>(true).Length.ToString())</value></set-header>
            </when></choose>
            """);

        Assert.Null(context.LastError);
        var forwarded = Assert.Single(context.FakeBackend.Requests);
        Assert.Equal(("123456", "6"), (forwarded.Body, forwarded.Headers["X-Length"]));
    }

    [Fact]
    public void Bodies_OfSteps_CountForThemselves()
    {
        var pipeline = Compiled.Pipeline(api: Compiled.Text(inbound: """
            <choose><when condition="@(context.Request.Body != null)">
              <set-variable name="a" value="@(context.Request.Body.As<string>(true))" /><set-variable name="b" value="@(1)" />
            </when></choose>
            <choose><when condition="@(true)"><set-body>@(context.Request.Body.As<string>())</set-body></when></choose>
            """));

        var steps = pipeline[PolicySection.Inbound];
        Assert.Equal(["Request", "None"], steps.Select(step => step.Bodies.ToString()));
        Assert.Equal(["Request", "None"], Branch(steps[0]).Select(step => step.Bodies.ToString()));
        Assert.Equal(["Request"], Branch(steps[1]).Select(step => step.Bodies.ToString()));
    }

    [Fact]
    public void Choose_StepsThatDoNotWait_AllocatesNothing()
    {
        var context = FakePolicyContext.Create();
        var pipeline = Compiled.Pipeline(api: Compiled.Text(inbound:
            "<choose><when condition=\"@(context.RequestId == Guid.Empty)\" /><otherwise><choose><when condition=\"true\"><set-backend-service base-url=\"http://a\" /></when></choose></otherwise></choose>"));
        var step = pipeline[PolicySection.Inbound][0].Policy;

        Assert.Equal(0, Allocations.Of(() => Assert.True(step.ExecuteAsync(context).IsCompletedSuccessfully)));
    }

    private static IReadOnlyList<PolicyStep> Branch(PolicyStep step) => ((Gateway.Policies.Policies.Control.ChoosePolicy)step.Policy).Branches[0].Steps;

    private static string Variable(string value) => $"<set-variable name=\"result\" value=\"{value}\" />";

    private static Task Run(FakePolicyContext context, string inbound) =>
        Compiled.Pipeline(api: Compiled.Text(inbound: inbound)).ExecuteAsync(context).AsTask();

    /// <summary>Gives what it has a byte at a time, each after a wait.</summary>
    private sealed class LateStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
