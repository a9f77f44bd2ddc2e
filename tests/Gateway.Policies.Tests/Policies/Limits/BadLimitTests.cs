using System.Security;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Policies.Limits;

/// <summary>Numbers and keys that are none, from expressions at run time: never a limit that limits nobody.</summary>
public sealed class BadLimitTests
{
    private const string OutOfBounds = "ExpressionValueValidationFailure";
    private const string NoNumber = "ExpressionValueEvaluationFailure";

    public static TheoryData<string, string> Numbers { get; } = new()
    {
        { "0", OutOfBounds },
        { "-1", OutOfBounds },
        { "int.MinValue", OutOfBounds },
        { "2147483648L", OutOfBounds },
        { "long.MaxValue", OutOfBounds },
        { "long.MinValue", OutOfBounds },
        { "(object)\"ten\"", NoNumber },
        { "(object)\"\"", NoNumber },
        { "(object)null", NoNumber },
        { "(object)1.5", NoNumber },
        { "int.Parse(context.Request.Headers.GetValueOrDefault(\"X\", \"none\"))", NoNumber },
    };

    [Theory, MemberData(nameof(Numbers))]
    public async Task Calls_ThatAreNoNumberOfCalls_FailTheRequest(string expression, string reason) =>
        await FailsAsync($"<rate-limit-by-key calls=\"@({SecurityElement.Escape(expression)})\" renewal-period=\"10\" counter-key=\"k\" />", reason);

    [Theory, MemberData(nameof(Numbers))]
    public async Task Period_ThatIsNoWindow_FailsTheRequest(string expression, string reason) =>
        await FailsAsync($"<rate-limit-by-key calls=\"1\" renewal-period=\"@({SecurityElement.Escape(expression)})\" counter-key=\"k\" />", reason);

    [Fact]
    public async Task Period_LongerThanTheLongest_FailsTheRequest() =>
        await FailsAsync("<rate-limit-by-key calls=\"1\" renewal-period=\"@(301)\" counter-key=\"k\" />", OutOfBounds);

    [Theory]
    [InlineData("rate-limit-by-key calls=\"1\" renewal-period=\"10\"", "counter-key")]
    [InlineData("quota-by-key calls=\"1\" renewal-period=\"300\"", "counter-key")]
    [InlineData("limit-concurrency max-count=\"1\"", "key")]
    [InlineData("limit-concurrency max-count=\"1\" across=\"site\"", "key")]
    public async Task Key_NullOrEmpty_FailsTheRequest(string element, string key)
    {
        foreach (var expression in (string[])["@((string)null)", "@(&quot;&quot;)", "@(context.Request.Headers.GetValueOrDefault(&quot;X&quot;, &quot;&quot;))"])
        {
            var context = await RunAsync($"<{element} {key}=\"{expression}\" />");

            Assert.Equal((500, OutOfBounds), (context.Sent.StatusCode, context.LastError!.Reason));
            Assert.Empty(context.Taken);
            Assert.Empty(context.Places);
            Assert.Empty(context.FakeBackend.Requests);
        }
    }

    [Theory]
    [InlineData("rate-limit-by-key calls=\"1\" renewal-period=\"10\"")]
    [InlineData("quota-by-key calls=\"1\" renewal-period=\"300\"")]
    public async Task Key_OfAHundredKilobytes_IsCounted(string element)
    {
        var context = await RunAsync($"<{element} counter-key=\"@(new string('k', 100000))\" />");

        Assert.Equal((200, 100_000), (context.Sent.StatusCode, Assert.Single(context.Taken).Key!.Length));
    }

    private static async Task FailsAsync(string element, string reason)
    {
        var context = await RunAsync(element);

        Assert.Equal((500, reason), (context.Sent.StatusCode, context.LastError?.Reason));
        Assert.Empty(context.Taken);
        Assert.Empty(context.FakeBackend.Requests);
    }

    private static async Task<FakePolicyContext> RunAsync(string element)
    {
        var context = FakePolicyContext.Create().Called();
        await Compiled.Pipeline(api: Compiled.Text(inbound: element)).ExecuteAsync(context);
        return context;
    }
}
