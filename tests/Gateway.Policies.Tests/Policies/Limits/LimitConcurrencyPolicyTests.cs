using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies.Limits;

/// <summary>Only so many at a time.</summary>
public sealed class LimitConcurrencyPolicyTests
{
    private const string Element = "<limit-concurrency key=\"@(context.Request.Method)\" max-count=\"3\"><set-variable name=\"in\" value=\"yes\" /><forward-request /></limit-concurrency>";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_RoomLeft_RunsWhatIsInItAndLeaves(bool later)
    {
        var context = await RunAsync(Element, context => context.FakeBackend.AnswersLater = later);

        Assert.Equal((200, "from backend", "yes"), (context.Sent.StatusCode, context.Sent.BodyText, context.Variables["in"]));
        Assert.Equal(["enter GET 3", "leave GET"], context.Places);
    }

    [Fact]
    public async Task Execute_Full_Answers429AtOnce()
    {
        var context = await RunAsync(Element, context => context.IsFull = true);

        Assert.Equal(429, context.Sent.StatusCode);
        Assert.Equal("""{ "statusCode": 429, "message": "Concurrency limit is exceeded." }""", context.Sent.BodyText);
        Assert.Equal(("limit-concurrency", "ConcurrencyLimitExceeded", "limit-concurrency[1]"), (context.LastError!.Source, context.LastError.Reason, context.LastError.Path));
        Assert.Equal(["enter GET 3"], context.Places);
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_WhatIsInItFails_LeavesAndSaysWhere(bool later)
    {
        var context = await RunAsync(Element, context =>
        {
            context.FakeBackend.AnswersLater = later;
            context.FakeBackend.Failure = new BackendFailedException(BackendFailure.ConnectionFailure, "refused");
        });

        Assert.Equal((500, "limit-concurrency[1]/forward-request[2]"), (context.Sent.StatusCode, context.LastError!.Path));
        Assert.Equal(["enter GET 3", "leave GET"], context.Places);
    }

    [Fact]
    public async Task Execute_EmptyKey_FailsTheRequest()
    {
        var context = await RunAsync("<limit-concurrency key=\"@(&quot;&quot;)\" max-count=\"3\"><forward-request /></limit-concurrency>", _ => { });

        Assert.Equal((500, "ExpressionValueValidationFailure"), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.Places);
    }

    private static async Task<FakePolicyContext> RunAsync(string backend, Action<FakePolicyContext> arrange)
    {
        var context = FakePolicyContext.Create().Called();
        arrange(context);
        await Compiled.Pipeline(api: Compiled.Text(backend: backend)).ExecuteAsync(context);
        return context;
    }
}
