using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies.Limits;

/// <summary>What quotas ask, and what clients see of the answer.</summary>
public sealed class QuotaPolicyTests
{
    private const string Both = "<quota calls=\"20\" bandwidth=\"100\" renewal-period=\"3600\" />";

    private static LimitDecision Denied(int seconds) => new() { Verdict = LimitVerdict.Exceeded, RetryAfterSeconds = seconds };

    private static LimitDecision Admitted(LimitGrant grant) => new() { Verdict = LimitVerdict.Admitted, Remaining = 7, Grant = grant };

    [Theory]
    [InlineData("<quota calls=\"20\" renewal-period=\"3600\" />", 1802, "Out of call volume quota. Quota will be replenished in 00:30:02.")]
    [InlineData("<quota calls=\"20\" renewal-period=\"3600\" />", 1235636, "Out of call volume quota. Quota will be replenished in 14.07:13:56.")]
    [InlineData("<quota calls=\"20\" renewal-period=\"0\" />", 0, "Out of call volume quota.")]
    [InlineData("<quota bandwidth=\"20\" renewal-period=\"3600\" />", 1, "Out of bandwidth quota. Quota will be replenished in 00:00:01.")]
    public async Task Execute_Exceeded_AnswersAsTheReferenceDoesToTheByte(string element, int seconds, string message)
    {
        foreach (var later in (bool[])[false, true])
        {
            var context = await RunAsync(element, context =>
            {
                context.LimitsAnswerLater = later;
                context.LimitWords.Enqueue(Denied(seconds));
            });

            Assert.Equal(403, context.Sent.StatusCode);
            Assert.Equal($"{{ \"statusCode\": 403, \"message\": \"{message}\" }}", context.Sent.BodyText);
            Assert.Equal(seconds == 0 ? "" : $"{seconds}", context.Sent.Headers.RetryAfter.ToString());
            Assert.Equal(
                ("quota", "QuotaExceeded", message, "product", "inbound", "quota[1]"),
                (context.LastError!.Source, context.LastError.Reason, context.LastError.Message, context.LastError.Scope, context.LastError.Section, context.LastError.Path));
            Assert.Empty(context.FakeBackend.Requests);
        }
    }

    [Fact]
    public async Task Execute_Undecided_Answers503()
    {
        var context = await RunAsync(Both, context => context.LimitWords.Enqueue(new() { Verdict = LimitVerdict.Undecided, RetryAfterSeconds = 1 }));

        Assert.Equal((503, "1", "LimitUndecided"), (context.Sent.StatusCode, context.Sent.Headers.RetryAfter.ToString(), context.LastError!.Reason));
    }

    [Fact]
    public async Task Execute_CallsAndBandwidth_AreTwoCounters()
    {
        var context = await RunAsync(Both, context =>
        {
            context.Http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 3000)));
            context.Http.Request.ContentLength = 3000;
        });

        Assert.Equal(
            [(LimitKind.CallQuota, 20, 3600, 1L, false), (LimitKind.BandwidthQuota, 100, 3600, 3L, true)],
            context.Taken.Zip(context.Amounts, (limit, amount) => (limit.Rule.Kind, limit.Rule.Calls, limit.Rule.PeriodSeconds, amount.Count, amount.IsEstimate)));
        Assert.Equal([3000L], Assert.Single(context.Reservations).Settled);
    }

    [Fact]
    public async Task Execute_BodyOfUnknownLength_IsCountedAsItComes()
    {
        var context = await RunAsync("<quota bandwidth=\"100\" renewal-period=\"0\" />", context =>
            context.Http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 5000))));

        Assert.Equal(1, Assert.Single(context.Amounts).Count);
        Assert.Equal([5000L], Assert.Single(context.Reservations).Settled);
    }

    [Fact]
    public async Task Execute_BodyOfTheResponse_IsCountedAsItGoes()
    {
        var context = await RunAsync("<quota bandwidth=\"100\" renewal-period=\"0\" /><return-response><set-body>twelve bytes</set-body></return-response>");

        Assert.Equal([12L], Assert.Single(context.Reservations).Settled);
    }

    [Fact]
    public async Task Execute_BodyLargerThanTheQuota_AsksForAllOfIt()
    {
        var context = await RunAsync("<quota bandwidth=\"100\" renewal-period=\"0\" />", context => context.Http.Request.ContentLength = long.MaxValue);

        Assert.Equal(100, Assert.Single(context.Amounts).Count);
    }

    [Theory]
    [InlineData("api", "get", "20;100;5;3")]
    [InlineData("api", "put", "20;100;5")]
    [InlineData("other", "get", "20;100;50")]
    [InlineData("none", "get", "20;100")]
    public async Task Execute_ApisAndOperations_AreCountedBesidesTheWhole(string api, string operation, string taken)
    {
        const string element = """
            <quota calls="20" bandwidth="100" renewal-period="60">
              <api id="api" calls="5" renewal-period="60"><operation name="get name" calls="3" renewal-period="0" /></api>
              <api name="other name" bandwidth="50" renewal-period="60" />
            </quota>
            """;
        var context = await RunAsync(element, context => context.Called(api: api, operation: operation));

        Assert.Equal(taken, string.Join(';', context.Taken.Select(limit => limit.Rule.Calls)));
        Assert.All(context.Taken, limit => Assert.Equal(PolicyScope.Product, limit.Rule.Scope));
    }

    /// <summary>Real documents leave the period of the parts out.</summary>
    [Fact]
    public async Task Execute_PartsWithoutAPeriod_HaveThatOfWhatTheyAreIn()
    {
        const string element = """
            <quota calls="20" renewal-period="60">
              <api name="api name" calls="5"><operation name="get name" calls="3" bandwidth="7" /></api>
              <api id="other" calls="5" renewal-period="0"><operation id="get" calls="2" /></api>
            </quota>
            """;
        var one = await RunAsync(element, context => context.Called(api: "api", operation: "get"));
        var other = await RunAsync(element, context => context.Called(api: "other", operation: "get"));

        Assert.Equal("20/60;5/60;3/60;7/60", string.Join(';', one.Taken.Select(limit => $"{limit.Rule.Calls}/{limit.Rule.PeriodSeconds}")));
        Assert.Equal("20/60;5/0;2/0", string.Join(';', other.Taken.Select(limit => $"{limit.Rule.Calls}/{limit.Rule.PeriodSeconds}")));
    }

    [Fact]
    public async Task Execute_LaterLimitDenies_GivesBackOnlyWhatLimitsTook()
    {
        var (calls, bytes) = (new FakeGrant(), new FakeReservation());
        var denied = await RunAsync(Both + "<rate-limit calls=\"1\" renewal-period=\"1\" />", context =>
        {
            context.LimitWords.Enqueue(Admitted(calls));
            context.LimitWords.Enqueue(Admitted(bytes));
            context.LimitWords.Enqueue(Denied(1));
        });
        Assert.Equal((429, 1L, 0L), (denied.Sent.StatusCode, calls.Back, bytes.Settled[0]));

        calls = new();
        var failed = await RunAsync("<quota calls=\"20\" renewal-period=\"0\" /><rewrite-uri template=\"/{missing}\" />", context => context.LimitWords.Enqueue(Admitted(calls)));
        Assert.Equal((500, 0L), (failed.Sent.StatusCode, calls.Back));
    }

    [Fact]
    public async Task Execute_WithoutASubscription_DoesNotLimit()
    {
        var context = await RunAsync(Both, context => context.Called(subscription: null));

        Assert.Empty(context.Taken);
        Assert.Single(context.FakeBackend.Requests);
    }

    [Fact]
    public async Task ByKey_SameKeyTwice_CountsOnce()
    {
        const string element = "<quota-by-key calls=\"20\" renewal-period=\"300\" counter-key=\"k\" />";
        var context = await RunAsync(element + element.Replace("20", "9", StringComparison.Ordinal) + element.Replace("\"k\"", "\"l\"", StringComparison.Ordinal) + element.Replace("300", "301", StringComparison.Ordinal));

        Assert.Equal([("k", 300), ("l", 300), ("k", 301)], context.Taken.Select(limit => (limit.Key!, limit.Rule.PeriodSeconds)));
    }

    [Fact]
    public async Task ByKey_FirstPeriodStart_IsPartOfTheRule()
    {
        var context = await RunAsync(
            "<quota-by-key calls=\"1\" renewal-period=\"0\" counter-key=\"k\" /><quota-by-key calls=\"1\" renewal-period=\"300\" counter-key=\"k\" first-period-start=\"2026-01-31T06:00:00Z\" />");

        Assert.Equal([DateTimeOffset.MinValue, new DateTimeOffset(2026, 1, 31, 6, 0, 0, TimeSpan.Zero)], context.Taken.Select(limit => limit.Rule.FirstPeriodStart!.Value));
    }

    [Fact]
    public async Task ByKey_EmptyKey_FailsTheRequest()
    {
        var context = await RunAsync("<quota-by-key calls=\"1\" renewal-period=\"0\" counter-key=\"@((string)null)\" />");

        Assert.Equal((500, "ExpressionValueValidationFailure"), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.Taken);
    }

    [Fact]
    public async Task Fields_OfTheDraft_SayWhatIsAllowedAndLeft()
    {
        var admitted = await RunAsync("<quota id=\"plan\" calls=\"20\" bandwidth=\"5\" renewal-period=\"3600\" rate-limit-headers=\"ietf\" /><rate-limit calls=\"3\" renewal-period=\"10\" rate-limit-headers=\"ietf\" />");
        Assert.Equal("\"plan\";q=20;w=3600, \"plan\";q=5120;qu=\"content-bytes\";w=3600, \"rate-limit\";q=3;w=10", admitted.Sent.Headers["RateLimit-Policy"].ToString());
        Assert.Equal("\"plan\";r=19;t=3600, \"plan\";r=4096;t=3600, \"rate-limit\";r=2;t=10", admitted.Sent.Headers["RateLimit"].ToString());

        var denied = await RunAsync("<rate-limit calls=\"3\" renewal-period=\"10\" rate-limit-headers=\"ietf\" />", context => context.LimitWords.Enqueue(Denied(4)));
        Assert.Equal(("\"rate-limit\";q=3;w=10", "\"rate-limit\";r=0;t=4"), (denied.Sent.Headers["RateLimit-Policy"].ToString(), denied.Sent.Headers["RateLimit"].ToString()));

        var silent = await RunAsync("<rate-limit calls=\"3\" renewal-period=\"10\" />");
        Assert.DoesNotContain(silent.Sent.Headers.Keys, name => name.StartsWith("RateLimit", StringComparison.Ordinal));
    }

    private static async Task<FakePolicyContext> RunAsync(string inbound, Action<FakePolicyContext>? arrange = null)
    {
        var context = FakePolicyContext.Create().Called();
        arrange?.Invoke(context);
        await Compiled.Pipeline(product: Compiled.Text(inbound: inbound)).ExecuteAsync(context);
        return context;
    }
}
