using System.Globalization;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Limits;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies.Limits;

/// <summary>What limits ask, and what clients see of the answer.</summary>
public sealed class RateLimitPolicyTests
{
    private const string Simple = "<rate-limit calls=\"20\" renewal-period=\"60\" />";

    private const string Names = """
        retry-after-header-name="X-Wait" retry-after-variable-name="wait" remaining-calls-header-name="X-Left" remaining-calls-variable-name="left" total-calls-header-name="X-Total"
        """;

    private static LimitDecision Denied(int seconds) => new() { Verdict = LimitVerdict.Exceeded, RetryAfterSeconds = seconds };

    private static LimitDecision Admitted(long remaining, LimitGrant? grant = null) =>
        new() { Verdict = LimitVerdict.Admitted, Remaining = remaining, Grant = grant ?? new FakeGrant() };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_Admitted_GoesOnAndAddsNothing(bool later)
    {
        var context = await RunAsync(Simple, context => context.LimitsAnswerLater = later);

        Assert.Single(context.FakeBackend.Requests);
        Assert.Equal(["Content-Type", "X-Backend"], context.Sent.Headers.Keys.Order());
        Assert.Equal((1, 20, 60), (context.LimitGrants.Count, context.Taken[0].Rule.Calls, context.Taken[0].Rule.PeriodSeconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_Exceeded_AnswersAsTheReferenceDoesToTheByte(bool later)
    {
        var context = await RunAsync(Simple, context =>
        {
            context.LimitsAnswerLater = later;
            context.LimitWords.Enqueue(Denied(1));
        });

        Assert.Empty(context.FakeBackend.Requests);
        Assert.Equal(429, context.Sent.StatusCode);
        Assert.Equal("""{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds." }""", context.Sent.BodyText);
        Assert.Equal(["Content-Length", "Content-Type", "Retry-After"], context.Sent.Headers.Keys.Order());
        Assert.Equal(("1", "application/json"), (context.Sent.Headers.RetryAfter.ToString(), context.Sent.Headers.ContentType.ToString()));
        Assert.Equal(
            ("rate-limit", "RateLimitExceeded", "Rate limit is exceeded", "product", "inbound", "rate-limit[1]"),
            (context.LastError!.Source, context.LastError.Reason, context.LastError.Message, context.LastError.Scope, context.LastError.Section, context.LastError.Path));
    }

    [Fact]
    public async Task Execute_Undecided_Answers503()
    {
        var context = await RunAsync(Simple, context => context.LimitWords.Enqueue(new() { Verdict = LimitVerdict.Undecided, RetryAfterSeconds = 1 }));

        Assert.Equal((503, "1", "LimitUndecided"), (context.Sent.StatusCode, context.Sent.Headers.RetryAfter.ToString(), context.LastError!.Reason));
        Assert.Equal("""{ "statusCode": 503, "message": "Service unavailable" }""", context.Sent.BodyText);
    }

    [Fact]
    public async Task Execute_NamedHeadersAndVariables_TellWhereTheLimitStands()
    {
        var element = $"<rate-limit calls=\"20\" renewal-period=\"60\" {Names} />";
        var admitted = await RunAsync(element, context => context.LimitWords.Enqueue(Admitted(7)));
        var denied = await RunAsync(element, context => context.LimitWords.Enqueue(Denied(42)));

        Assert.Equal(("7", "20"), (admitted.Sent.Headers["X-Left"].ToString(), admitted.Sent.Headers["X-Total"].ToString()));
        Assert.Equal(7, admitted.Variables["left"]);
        Assert.False(admitted.Variables.ContainsKey("wait"));
        Assert.Equal(("0", "20", "42"), (denied.Sent.Headers["X-Left"].ToString(), denied.Sent.Headers["X-Total"].ToString(), denied.Sent.Headers["X-Wait"].ToString()));
        Assert.False(denied.Sent.Headers.ContainsKey("Retry-After"));
        Assert.Equal((0, 42), ((int)denied.Variables["left"]!, (int)denied.Variables["wait"]!));
    }

    [Theory]
    [InlineData("<return-response><set-status code=\"202\" /></return-response>", false, 202)]
    [InlineData("", true, 500)]
    public async Task Execute_NamedHeaders_AreOnEveryResponseAfterwards(string next, bool fails, int status)
    {
        var context = await RunAsync(
            $"<rate-limit calls=\"20\" renewal-period=\"60\" {Names} />{next}",
            context => context.FakeBackend.Failure = fails ? new BackendFailedException(BackendFailure.ConnectionFailure, "refused") : null);

        Assert.Equal((status, "19", "20"), (context.Sent.StatusCode, context.Sent.Headers["X-Left"].ToString(), context.Sent.Headers["X-Total"].ToString()));
    }

    [Fact]
    public async Task Execute_WithoutASubscription_DoesNotLimit()
    {
        var context = await RunAsync(Simple, context => context.Called(subscription: null));

        Assert.Empty(context.Taken);
        Assert.Single(context.FakeBackend.Requests);
    }

    [Theory]
    [InlineData("api", "get", "product;product/api 5;product/operation 3")]
    [InlineData("api", "put", "product;product/api 5")]
    [InlineData("other", "get", "product;product/api 7")]
    [InlineData("none", "get", "product")]
    public async Task Execute_ApisAndOperations_AreCountedBesidesTheWhole(string api, string operation, string taken)
    {
        const string element = """
            <rate-limit calls="20" renewal-period="60">
              <api id="API" name="other name" calls="5" renewal-period="60"><operation name="get name" calls="3" renewal-period="30" /></api>
              <api name="other name" calls="7" renewal-period="60" />
            </rate-limit>
            """;
        var context = await RunAsync(element, context => context.Called(api: api, operation: operation));

        Assert.Equal(taken, string.Join(';', context.Taken.Select(limit =>
            limit.Rule.Scope.Name() + (limit.Rule.Part is { } part ? $"/{part.Name()} {limit.Rule.Calls}" : ""))));
    }

    [Fact]
    public async Task Execute_LaterPartDenies_GivesBackWhatEarlierOnesTook()
    {
        const string element = """<rate-limit calls="20" renewal-period="60" total-calls-header-name="X-Total"><api id="api" calls="5" renewal-period="60" /></rate-limit>""";
        var taken = new FakeGrant();
        var context = await RunAsync(element, context =>
        {
            context.LimitWords.Enqueue(Admitted(19, taken));
            context.LimitWords.Enqueue(Denied(9));
        });

        Assert.Equal((429, 1, 0, "5"), (context.Sent.StatusCode, taken.Back, context.LimitGrants.Count, context.Sent.Headers["X-Total"].ToString()));
    }

    [Fact]
    public async Task Execute_SeveralParts_TellTheOneWithTheLeastLeft()
    {
        const string element = """<rate-limit calls="20" renewal-period="60" remaining-calls-header-name="X-Left" total-calls-header-name="X-Total"><api id="api" calls="5" renewal-period="60" /></rate-limit>""";
        var context = await RunAsync(element, _ => { });

        Assert.Equal(("4", "5"), (context.Sent.Headers["X-Left"].ToString(), context.Sent.Headers["X-Total"].ToString()));
    }

    [Fact]
    public async Task Execute_LaterPolicyDenies_GivesBackWhatEarlierOnesTookAndOthersDoNot()
    {
        var taken = new FakeGrant();
        var context = Context();
        context.LimitWords.Enqueue(Admitted(19, taken));
        context.LimitWords.Enqueue(Denied(9));
        await Compiled.Pipeline(product: Compiled.Text(inbound: Simple), api: Compiled.Text(inbound: "<base />" + Simple)).ExecuteAsync(context);
        Assert.Equal((429, 1), (context.Sent.StatusCode, taken.Back));

        var kept = new FakeGrant();
        context = Context();
        context.LimitWords.Enqueue(Admitted(19, kept));
        await Compiled.Pipeline(api: Compiled.Text(inbound: Simple + "<rewrite-uri template=\"/{missing}\" />")).ExecuteAsync(context);
        Assert.Equal((500, 0), (context.Sent.StatusCode, kept.Back));
    }

    [Fact]
    public async Task ByKey_Key_IsWhatIsCounted()
    {
        var context = await RunAsync("""<rate-limit-by-key calls="3" renewal-period="10" counter-key="everybody" />""", context => context.Called(subscription: null));

        Assert.Equal(("everybody", 3, 10), (context.Taken[0].Key, context.Taken[0].Rule.Calls, context.Taken[0].Rule.PeriodSeconds));
        Assert.Equal(1, context.LimitGrants.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ByKey_Exceeded_AnswersAsTheReferenceDoes(bool later)
    {
        var context = await RunAsync("""<rate-limit-by-key calls="3" renewal-period="10" counter-key="k" on-outage="closed" />""", context =>
        {
            context.LimitsAnswerLater = later;
            context.LimitWords.Enqueue(Denied(10));
        });

        Assert.Equal("""{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 10 seconds." }""", context.Sent.BodyText);
        Assert.Equal(("rate-limit-by-key", LimitOutage.Closed), (context.LastError!.Source, context.Taken[0].Rule.OnOutage));
    }

    [Fact]
    public async Task ByKey_NumbersOfExpressions_MakeARuleThatStaysWhileTheyDo()
    {
        var policy = new RateLimitByKeyPolicy
        {
            Calls = new(context => int.Parse(context.Http.Request.Headers["X-Calls"]!, CultureInfo.InvariantCulture)),
            Period = new(30),
            Key = new(context => context.Http.Request.Headers["X-Client"].ToString()),
        };
        var context = Context();
        foreach (var calls in (string[])["5", "5", "7"])
        {
            context.Http.Request.Headers["X-Calls"] = calls;
            context.Http.Request.Headers["X-Client"] = "c" + calls;
            await policy.ExecuteAsync(context);
        }

        Assert.Equal([("c5", 5), ("c5", 5), ("c7", 7)], context.Taken.Select(limit => (limit.Key, limit.Rule.Calls)));
        Assert.Same(context.Taken[0].Rule, context.Taken[1].Rule);
        Assert.All(context.Taken, limit => Assert.False(limit.Rule.IsPublished));
    }

    private static FakePolicyContext Context() => FakePolicyContext.Create().Called();

    private static async Task<FakePolicyContext> RunAsync(string inbound, Action<FakePolicyContext> arrange)
    {
        var context = Context();
        arrange(context);
        await Compiled.Pipeline(product: Compiled.Text(inbound: inbound)).ExecuteAsync(context);
        return context;
    }
}
