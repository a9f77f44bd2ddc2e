using Gateway.Policies.Execution;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies.Limits;

/// <summary>What a request counts for: told when it arrives, or at its end where the response decides.</summary>
public sealed class LimitIncrementTests
{
    private const string ByStatus = "increment-condition=\"@(context.Response.StatusCode == 200)\"";

    [Theory]
    [InlineData("", "1 False", "")]
    [InlineData("increment-count=\"3\"", "3 False", "")]
    [InlineData("increment-count=\"@(2 + 2)\"", "4 False", "")]
    [InlineData("increment-count=\"@(0)\"", "", "")]
    [InlineData("increment-condition=\"true\"", "1 False", "")]
    [InlineData("increment-condition=\"false\"", "", "")]
    [InlineData("increment-condition=\"@(context.Request.Method == &quot;POST&quot;)\"", "", "")]
    [InlineData("increment-condition=\"@(context.Request.Method == &quot;GET&quot;)\" increment-count=\"5\"", "5 False", "")]
    [InlineData(ByStatus, "1 True", "1")]
    [InlineData("increment-condition=\"@(context.Response.StatusCode == 404)\"", "1 True", "0")]
    [InlineData(ByStatus + " increment-count=\"@(7)\"", "7 True", "7")]
    [InlineData("increment-count=\"@(context.Response.StatusCode)\"", "1 True", "200")]
    [InlineData("increment-count=\"@(context.Response.Body.As&lt;string&gt;(true).Length)\"", "1 True", "12")]
    [InlineData("increment-condition=\"false\" increment-count=\"@(context.Response.StatusCode)\"", "", "")]
    [InlineData("increment-condition=\"@(context.LastError == null)\"", "1 True", "1")]
    public async Task Execute_Increment_IsAskedWhenItCanBeKnown(string attributes, string taken, string settled)
    {
        foreach (var element in (string[])[$"<rate-limit-by-key renewal-period=\"60\" calls=\"1000\" counter-key=\"k\" {attributes} />", $"<quota-by-key renewal-period=\"300\" calls=\"1000\" counter-key=\"k\" {attributes} />"])
        {
            var context = await RunAsync(element);

            Assert.Equal((200, "from backend"), (context.Sent.StatusCode, context.Sent.BodyText));
            Assert.Equal(taken, string.Join(';', context.Amounts.Select(amount => $"{amount.Count} {amount.IsEstimate}")));
            Assert.Equal(settled, string.Join(';', context.Reservations.SelectMany(reservation => reservation.Settled)));
            Assert.Empty(context.SettlementFailures);
        }
    }

    [Fact]
    public async Task Execute_LateCondition_IsSettledOnceAfterAnError()
    {
        var context = await RunAsync(
            $"<rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"k\" {ByStatus} />",
            context => context.FakeBackend.Failure = new BackendFailedException(BackendFailure.ConnectionFailure, "refused"));

        Assert.Equal(500, context.Sent.StatusCode);
        Assert.Equal([0L], Assert.Single(context.Reservations).Settled);
    }

    [Fact]
    public async Task Execute_LateCondition_SeesWhatOnErrorMade()
    {
        var context = FakePolicyContext.Create().Called();
        context.FakeBackend.Failure = new BackendFailedException(BackendFailure.ConnectionFailure, "refused");
        await Compiled.Pipeline(api: Compiled.Text(
            inbound: $"<rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"k\" {ByStatus} />",
            onError: "<return-response />")).ExecuteAsync(context);

        Assert.Equal([1L], Assert.Single(context.Reservations).Settled);
    }

    [Fact]
    public async Task Execute_LateConditionThatThrows_CountsIsLoggedAndBreaksNothing()
    {
        var context = await RunAsync(
            "<rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"k\" increment-count=\"4\" increment-condition=\"@(context.Response.Headers[&quot;none&quot;].Length == 1)\" />");

        Assert.Equal((200, "from backend"), (context.Sent.StatusCode, context.Sent.BodyText));
        Assert.Equal([4L], Assert.Single(context.Reservations).Settled);
        Assert.Single(context.SettlementFailures);
    }

    [Theory]
    [InlineData("increment-condition=\"@(context.Request.Headers[&quot;none&quot;].Length == 1)\"", "ExpressionValueEvaluationFailure")]
    [InlineData("increment-count=\"@(-1)\"", "ExpressionValueValidationFailure")]
    [InlineData("increment-count=\"@(&quot;many&quot;)\"", "ExpressionValueEvaluationFailure")]
    public async Task Execute_EarlyIncrementThatFails_Answers500(string attribute, string reason)
    {
        var context = await RunAsync($"<rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"k\" {attribute} />");

        Assert.Equal((500, reason), (context.Sent.StatusCode, context.LastError!.Reason));
        Assert.Empty(context.Taken);
    }

    [Fact]
    public async Task Execute_LaterLimitDenies_GivesBackWhatWasSetAside()
    {
        var reservation = new FakeReservation();
        var context = await RunAsync(
            $"<rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"k\" {ByStatus} /><rate-limit-by-key renewal-period=\"60\" calls=\"9\" counter-key=\"l\" />",
            context =>
            {
                context.LimitWords.Enqueue(new() { Verdict = LimitVerdict.Admitted, Remaining = 3, Grant = reservation });
                context.LimitWords.Enqueue(new() { Verdict = LimitVerdict.Exceeded, RetryAfterSeconds = 3 });
            });

        Assert.Equal((429, 0L), (context.Sent.StatusCode, reservation.Settled[0]));
    }

    private static async Task<FakePolicyContext> RunAsync(string inbound, Action<FakePolicyContext>? arrange = null)
    {
        var context = FakePolicyContext.Create().Called();
        arrange?.Invoke(context);
        await Compiled.Pipeline(api: Compiled.Text(inbound: inbound)).ExecuteAsync(context);
        return context;
    }
}
