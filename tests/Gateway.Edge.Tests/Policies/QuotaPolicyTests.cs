using System.Text.Json;
using Gateway.Contracts.Counters;

namespace Gateway.Edge.Tests.Policies;

/// <summary><c>quota</c> and <c>quota-by-key</c> at an edge, over a fake partition.</summary>
public sealed class QuotaPolicyTests
{
    private const string Calls = "{ \"statusCode\": 403, \"message\": \"Out of call volume quota. Quota will be replenished in 00:30:02.\" }";
    private const string Bandwidth = "{ \"statusCode\": 403, \"message\": \"Out of bandwidth quota. Quota will be replenished in 00:30:02.\" }";
    private const string Days = "{ \"statusCode\": 403, \"message\": \"Out of call volume quota. Quota will be replenished in 14.07:13:56.\" }";

    [Theory]
    [InlineData("calls=\"2\" renewal-period=\"3600\"", QuotaMeasure.Calls, 1_802_000, Calls, "1802")]
    [InlineData("calls=\"2\" renewal-period=\"1300000\"", QuotaMeasure.Calls, 1_235_636_000, Days, "1235636")]
    [InlineData("calls=\"2\" renewal-period=\"0\"", QuotaMeasure.Calls, 0, "{ \"statusCode\": 403, \"message\": \"Out of call volume quota.\" }", null)]
    [InlineData("bandwidth=\"2\" renewal-period=\"3600\"", QuotaMeasure.Bandwidth, 1_802_000, Bandwidth, "1802")]
    [InlineData("bandwidth=\"2\" renewal-period=\"0\"", QuotaMeasure.Bandwidth, 0, "{ \"statusCode\": 403, \"message\": \"Out of bandwidth quota.\" }", null)]
    [InlineData("calls=\"2\" bandwidth=\"3\" renewal-period=\"3600\"", QuotaMeasure.Calls, 1_802_000, Calls, "1802")]
    [InlineData("calls=\"2\" bandwidth=\"3\" renewal-period=\"3600\"", QuotaMeasure.Bandwidth, 1_802_000, Bandwidth, "1802")]
    public async Task Request_over_the_quota_is_refused_and_told_when_it_begins_anew(string attributes, QuotaMeasure spent, long endsIn, string body, string? retryAfter)
    {
        foreach (var isByKey in (bool[])[false, true])
        {
            await using var edge = isByKey
                ? await LimitEdge.StartAsync(api: $"<quota-by-key {attributes} counter-key=\"k\" />")
                : await LimitEdge.StartAsync(product: $"<quota {attributes} />");
            edge.Lend(spent == QuotaMeasure.Calls ? 2 : 0, request => request.Label!.Measure == spent, endsIn: endsIn);
            for (var i = 0; i < 2 && spent == QuotaMeasure.Calls; i++)
            {
                Assert.Equal(200, await edge.StatusAsync("/a/json"));
            }

            var before = edge.Backend.Requests;
            using var refused = await edge.GetAsync("/a/json");

            Assert.Equal((403, body), ((int)refused.StatusCode, await refused.Content.ReadAsStringAsync()));
            Assert.Equal("application/json", refused.Content.Headers.ContentType!.ToString());
            Assert.Equal(retryAfter, refused.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
            Assert.Equal(before, edge.Backend.Requests);
        }
    }

    [Theory]
    [InlineData("subscription:s1", 403, 403, 403)]
    [InlineData("subscription:s1;api:a", 403, 403, 200)]
    [InlineData("subscription:s1;api:a;operation:read", 403, 200, 200)]
    [InlineData("subscription:s2", 200, 200, 200)]
    public async Task Whole_api_and_operation_count_for_themselves(string spent, int operation, int api, int other)
    {
        await using var edge = await LimitEdge.StartAsync(product: Nested("id=\"a\"", "id=\"read\""));
        edge.Lend(0, request => request.Label!.Key == spent, endsIn: 1000);

        Assert.Equal((operation, api, other), (await edge.StatusAsync("/a/json"), await edge.StatusAsync("/a/x"), await edge.StatusAsync("/b/json")));
    }

    [Theory]
    [InlineData("id=\"a\"", "id=\"read\"", true)]
    [InlineData("id=\"A\"", "id=\"READ\"", true)]
    [InlineData("name=\"Shop\"", "name=\"Read it\"", true)]
    [InlineData("id=\"a\" name=\"b\"", "id=\"read\" name=\"other\"", true)]
    [InlineData("id=\"b\" name=\"Shop\"", "id=\"read\"", false)]
    [InlineData("name=\"a\"", "id=\"read\"", false)]
    [InlineData("id=\"a\"", "id=\"Read it\"", false)]
    public async Task Api_and_operation_are_named_by_id_or_else_by_name(string api, string operation, bool isMeant)
    {
        await using var edge = await LimitEdge.StartAsync(product: Nested(api, operation));
        edge.Lend(0, request => request.Label!.Key.EndsWith("operation:read", StringComparison.Ordinal), endsIn: 1000);

        Assert.Equal(isMeant ? 403 : 200, await edge.StatusAsync("/a/json"));
    }

    [Fact]
    public async Task Each_counter_has_its_own_limit_and_periods_from_the_subscription_on()
    {
        await using var edge = await LimitEdge.StartAsync(product: Nested("id=\"a\"", "id=\"read\""));
        edge.Silo.GrantAtLeast(1);

        Assert.Equal(200, await edge.StatusAsync("/a/json"));

        Assert.Equal(
            [
                ("subscription:s1", QuotaMeasure.Bandwidth, 40L, 3600L, LimitEdge.Subscribed),
                ("subscription:s1", QuotaMeasure.Calls, 5L, 3600L, LimitEdge.Subscribed),
                ("subscription:s1;api:a", QuotaMeasure.Calls, 3L, 60L, LimitEdge.Subscribed),
                ("subscription:s1;api:a;operation:read", QuotaMeasure.Bandwidth, 9L, 30L, LimitEdge.Subscribed),
                ("subscription:s1;api:a;operation:read", QuotaMeasure.Calls, 2L, 30L, LimitEdge.Subscribed),
            ],
            edge.Asked.Select(request => (request.Label!.Key, request.Label.Measure, request.Definition.Limit, request.Definition.Quota!.Seconds, request.Definition.Quota.FirstStart))
                .Distinct().OrderBy(asked => asked.Key, StringComparer.Ordinal).ThenBy(asked => asked.Measure.ToString(), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("<quota calls=\"2\" renewal-period=\"3600\" shadow=\"true\" />", "quota")]
    [InlineData("<quota-by-key calls=\"2\" renewal-period=\"3600\" counter-key=\"k\" shadow=\"true\" />", "quota-by-key")]
    public async Task Shadow_refuses_nobody_and_says_whom_it_would_have(string quota, string policy)
    {
        await using var edge = policy == "quota" ? await LimitEdge.StartAsync(product: quota) : await LimitEdge.StartAsync(api: quota);
        edge.Lend(2, endsIn: 1_802_000);
        for (var i = 0; i < 5; i++)
        {
            using var response = await edge.GetAsync("/a/json");
            Assert.Equal((200, false), ((int)response.StatusCode, response.Headers.Contains("Retry-After")));
        }

        var lines = (await edge.Gateway.StopAndReadLogAsync()).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal([policy], lines[^1].GetProperty("shadowRefusals").EnumerateArray().Select(name => name.GetString()));
        Assert.False(lines[0].TryGetProperty("shadowRefusals", out _));
    }

    [Fact]
    public async Task Quota_without_a_key_counts_nobody()
    {
        await using var edge = await LimitEdge.StartAsync(product: "<quota calls=\"2\" renewal-period=\"3600\" />", needsKey: false);
        edge.Lend(0, endsIn: 1000);

        Assert.Equal(200, await edge.StatusAsync("/a/json", subscription: null));
        Assert.Empty(edge.Asked);
    }

    [Theory]
    [InlineData("increment-count=\"3\"")]
    [InlineData("increment-count=\"@(int.Parse(context.Request.Headers.GetValueOrDefault(&quot;X-Cost&quot;)))\"")]
    public async Task Increment_count_of_a_key_is_what_a_request_takes(string attribute)
    {
        await using var edge = await LimitEdge.StartAsync(api: $"<quota-by-key calls=\"5\" renewal-period=\"300\" counter-key=\"k\" {attribute} />");
        edge.Lend(5, endsIn: 1000);

        Assert.Equal(200, await edge.StatusAsync("/a/json", change: request => request.Headers.Add("X-Cost", "3")));
        Assert.Equal(403, await edge.StatusAsync("/a/json", change: request => request.Headers.Add("X-Cost", "3")));
    }

    [Fact]
    public async Task Request_that_increment_condition_does_not_count_is_not_looked_at()
    {
        await using var edge = await LimitEdge.StartAsync(
            api: "<quota-by-key calls=\"5\" renewal-period=\"300\" counter-key=\"k\" increment-condition=\"@(context.Request.Headers.ContainsKey(&quot;X-Count&quot;))\" />");
        edge.Lend(1, endsIn: 1000);

        Assert.Equal(200, await edge.StatusAsync("/a/json"));
        Assert.Empty(edge.Asked);
        Assert.Equal(200, await edge.StatusAsync("/a/json", change: request => request.Headers.Add("X-Count", "1")));
        Assert.Equal(403, await edge.StatusAsync("/a/json", change: request => request.Headers.Add("X-Count", "1")));
        Assert.Equal(200, await edge.StatusAsync("/a/json"));
    }

    [Fact]
    public async Task Statements_with_the_same_key_count_a_request_once()
    {
        const string quota = "<quota-by-key calls=\"2\" renewal-period=\"300\" counter-key=\"@(context.Subscription.Id)\" />";
        await using var edge = await LimitEdge.StartAsync(global: quota, product: quota, api: quota + quota);
        edge.Lend(2, endsIn: 1000);

        Assert.Equal("200 200 403", await edge.StatusesAsync("s1", "s1", "s1"));
    }

    [Fact]
    public async Task Statements_with_different_keys_count_each()
    {
        await using var edge = await LimitEdge.StartAsync(
            api: "<quota-by-key calls=\"2\" renewal-period=\"300\" counter-key=\"k\" /><quota-by-key calls=\"2\" renewal-period=\"300\" counter-key=\"@(context.Subscription.Id)\" />");
        edge.Lend(1, request => request.Label!.Key == "s1", endsIn: 1000);

        Assert.Equal("200 403 200", await edge.StatusesAsync("s1", "s1", "s2"));
    }

    private static string Nested(string api, string operation) => $"""
        <quota calls="5" bandwidth="40" renewal-period="3600">
          <api {api} calls="3" renewal-period="60"><operation {operation} calls="2" bandwidth="9" renewal-period="30" /></api>
        </quota>
        """;
}
