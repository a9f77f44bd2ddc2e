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

    [Fact]
    public async Task Execute_OverTheSite_TakesAndLeavesAPlaceOfTheSite()
    {
        var context = await RunAsync(OverSite, context => context.FakeBackend.AnswersLater = true);

        Assert.Equal((200, "from backend"), (context.Sent.StatusCode, context.Sent.BodyText));
        Assert.Equal(["enter site GET 3", "leave site GET"], context.Places);
    }

    [Fact]
    public async Task Execute_OverTheSite_LeavesAlsoWhenWhatIsInItFails()
    {
        var context = await RunAsync(OverSite, context => context.FakeBackend.Failure = new BackendFailedException(BackendFailure.ConnectionFailure, "refused"));

        Assert.Equal((500, "leave site GET"), (context.Sent.StatusCode, context.Places[^1]));
    }

    [Fact]
    public async Task Execute_SiteFull_Answers429()
    {
        var context = await RunAsync(OverSite, context => context.SiteVerdict = LimitVerdict.Exceeded);

        Assert.Equal((429, "ConcurrencyLimitExceeded"), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.FakeBackend.Requests);
    }

    [Fact]
    public async Task Execute_SiteUndecided_Answers503AndWhenToComeAgain()
    {
        var context = await RunAsync(OverSite, context => context.SiteVerdict = LimitVerdict.Undecided);

        Assert.Equal((503, "LimitUndecided", "1"), (context.Sent.StatusCode, context.LastError!.Reason, context.Http.Response.Headers.RetryAfter.ToString()));
        Assert.Empty(context.FakeBackend.Requests);
    }

    private static string OverSite { get; } = Element.Replace("max-count", "across=\"site\" max-count", StringComparison.Ordinal);

    private static async Task<FakePolicyContext> RunAsync(string backend, Action<FakePolicyContext> arrange)
    {
        var context = FakePolicyContext.Create().Called();
        arrange(context);
        await Compiled.Pipeline(api: Compiled.Text(backend: backend)).ExecuteAsync(context);
        return context;
    }
}
