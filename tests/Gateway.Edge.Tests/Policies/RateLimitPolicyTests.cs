using System.Text.Json;

namespace Gateway.Edge.Tests.Policies;

/// <summary><c>rate-limit</c> and <c>rate-limit-by-key</c> at an edge, over a fake partition.</summary>
public sealed class RateLimitPolicyTests
{
    private const string Names = "retry-after-header-name=\"X-Wait\" retry-after-variable-name=\"wait\" remaining-calls-header-name=\"X-Left\" remaining-calls-variable-name=\"left\" total-calls-header-name=\"X-Total\"";
    private const string Variables = "<set-header name=\"X-Variables\" exists-action=\"override\"><value>@(context.Variables.GetValueOrDefault<int>(\"left\", -1) + \" \" + context.Variables.GetValueOrDefault<int>(\"wait\", -1))</value></set-header>";
    private const string Nested = "<rate-limit calls=\"30\" renewal-period=\"60\" remaining-calls-header-name=\"X-Left\"><api id=\"a\" calls=\"20\" renewal-period=\"50\"><operation id=\"read\" calls=\"10\" renewal-period=\"40\" /></api></rate-limit>";

    [Theory]
    [InlineData("product", "rate-limit")]
    [InlineData("api", "rate-limit")]
    [InlineData("product", "rate-limit-by-key")]
    [InlineData("api", "rate-limit-by-key")]
    [InlineData("global", "rate-limit-by-key")]
    public async Task Headers_and_variables_tell_where_the_limit_stands(string scope, string policy)
    {
        await using var edge = await StartAsync(scope, $"<{policy} calls=\"2\" renewal-period=\"60\" {Key(policy)} {Names} />", Variables);
        edge.Lend(2);
        var seen = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await edge.GetAsync("/a/json");
            seen.Add($"{(int)response.StatusCode} left {Header(response, "X-Left")} of {Header(response, "X-Total")} wait {Header(response, "X-Wait")} [{Header(response, "Retry-After")}] {Header(response, "X-Variables")}");
        }

        Assert.Equal(["200 left 1 of 2 wait  [] 1 -1", "200 left 0 of 2 wait  [] 0 -1", "429 left 0 of 2 wait 42 [] 0 42"], seen);
    }

    [Theory]
    [InlineData("rate-limit", "", null, null)]
    [InlineData("rate-limit", "rate-limit-headers=\"none\"", null, null)]
    [InlineData("rate-limit", "rate-limit-headers=\"ietf\"", "\"rate-limit\";q=2;w=60", "\"rate-limit\";r=0;t=42")]
    [InlineData("rate-limit", "id=\"gold\" rate-limit-headers=\"ietf\"", "\"gold\";q=2;w=60", "\"gold\";r=0;t=42")]
    [InlineData("rate-limit-by-key", "rate-limit-headers=\"ietf\"", "\"rate-limit-by-key\";q=2;w=60", "\"rate-limit-by-key\";r=0;t=42")]
    public async Task Refusal_has_the_body_of_the_reference_product_and_the_fields_asked_for(string policy, string attributes, string? limits, string? state)
    {
        await using var edge = await StartAsync("api", $"<{policy} calls=\"2\" renewal-period=\"60\" {Key(policy)} {attributes} />");
        edge.Lend(0);

        using var refused = await edge.GetAsync("/a/json");

        Assert.Equal("{ \"statusCode\": 429, \"message\": \"Rate limit is exceeded. Try again in 42 seconds.\" }", await refused.Content.ReadAsStringAsync());
        Assert.Equal((429, "Too Many Requests", "42", "application/json"), ((int)refused.StatusCode, refused.ReasonPhrase, Header(refused, "Retry-After"), refused.Content.Headers.ContentType!.ToString()));
        Assert.Equal((limits ?? "", state ?? ""), (Header(refused, "RateLimit-Policy"), Header(refused, "RateLimit")));
        Assert.Equal(0, edge.Backend.Requests);
    }

    [Theory]
    [InlineData(30, 429, 429, 429)]
    [InlineData(20, 429, 429, 200)]
    [InlineData(10, 429, 200, 200)]
    [InlineData(1, 200, 200, 200)]
    public async Task Whole_api_and_operation_count_for_themselves(int spent, int operation, int api, int other)
    {
        await using var edge = await StartAsync("product", Nested);
        edge.Lend(0, request => request.Definition.Limit == spent);

        Assert.Equal((operation, api, other), (await edge.StatusAsync("/a/json"), await edge.StatusAsync("/a/x"), await edge.StatusAsync("/b/json")));
    }

    [Fact]
    public async Task Headers_are_those_of_the_part_with_the_least_left()
    {
        await using var edge = await StartAsync("product", Nested);
        edge.Lend(8, request => request.Definition.Limit == 20);

        using var response = await edge.GetAsync("/a/json");

        Assert.Equal("7", Header(response, "X-Left"));
        Assert.Equal([(10L, 40_000), (20L, 50_000), (30L, 60_000)], edge.Asked.Select(request => (request.Definition.Limit, request.Definition.PeriodMilliseconds)).Distinct().Order());
    }

    [Fact]
    public async Task Shadow_refuses_nobody_and_says_whom_it_would_have()
    {
        await using var edge = await StartAsync("product", $"<rate-limit calls=\"2\" renewal-period=\"60\" shadow=\"true\" {Names} />");
        edge.Lend(2);
        for (var i = 0; i < 5; i++)
        {
            using var response = await edge.GetAsync("/a/json");
            Assert.Equal((200, "", "", ""), ((int)response.StatusCode, Header(response, "X-Left"), Header(response, "X-Total"), Header(response, "X-Wait")));
        }

        var lines = (await edge.Gateway.StopAndReadLogAsync()).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["rate-limit"], lines[^1].GetProperty("shadowRefusals").EnumerateArray().Select(name => name.GetString()));
        Assert.False(lines[0].TryGetProperty("shadowRefusals", out _));
    }

    [Fact]
    public async Task Rate_limit_without_a_key_counts_nobody()
    {
        await using var edge = await LimitEdge.StartAsync(product: "<rate-limit calls=\"2\" renewal-period=\"60\" />", needsKey: false);
        edge.Lend(0);

        Assert.Equal(200, await edge.StatusAsync("/a/json", subscription: null));
        Assert.Empty(edge.Asked);
    }

    [Fact]
    public async Task Calls_and_period_may_be_expressions()
    {
        await using var edge = await StartAsync(
            "api", $"<rate-limit-by-key calls=\"@(context.Subscription.Id == \"s1\" ? 7 : 9)\" renewal-period=\"@(context.Product.Id.Length * 5)\" counter-key=\"@(context.Subscription.Id)\" {Names} />");
        edge.Lend(9);

        using var one = await edge.GetAsync("/a/json", "s1");
        using var two = await edge.GetAsync("/a/json", "s2");

        Assert.Equal(("7", "9"), (Header(one, "X-Total"), Header(two, "X-Total")));
        Assert.Equal([(7L, 20_000), (9L, 20_000)], edge.Asked.Select(request => (request.Definition.Limit, request.Definition.PeriodMilliseconds)).Distinct().Order());
        Assert.All(edge.Asked, request => Assert.Null(request.Definition.Publication));
    }

    [Theory]
    [InlineData("calls=\"@(0)\" renewal-period=\"60\" counter-key=\"k\"")]
    [InlineData("calls=\"1\" renewal-period=\"@(301)\" counter-key=\"k\"")]
    [InlineData("calls=\"1\" renewal-period=\"60\" counter-key=\"@(&quot;&quot;)\"")]
    [InlineData("calls=\"1\" renewal-period=\"60\" counter-key=\"@(context.Request.Headers.GetValueOrDefault(&quot;X-None&quot;))\"")]
    [InlineData("calls=\"1\" renewal-period=\"60\" counter-key=\"@(&quot;Bearer x&quot;.AsJwt()?.Subject)\"")]
    public async Task Value_that_cannot_be_used_fails_the_request(string attributes)
    {
        await using var edge = await StartAsync(
            "api", $"<rate-limit-by-key {attributes} />",
            "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>");
        edge.Silo.GrantAtLeast(1);

        using var response = await edge.GetAsync("/a/json");

        Assert.Equal((500, "rate-limit-by-key ExpressionValueValidationFailure"), ((int)response.StatusCode, Header(response, "X-Why")));
        Assert.Empty(edge.Asked);
    }

    [Theory]
    [InlineData("increment-count=\"3\"")]
    [InlineData("increment-count=\"@(context.Request.OriginalUrl.Query.ContainsKey(&quot;q&quot;) ? 3 : 1)\"")]
    public async Task Increment_count_is_what_a_request_takes(string attribute)
    {
        await using var edge = await StartAsync("api", $"<rate-limit-by-key calls=\"5\" renewal-period=\"60\" counter-key=\"k\" {attribute} {Names} />");
        edge.Lend(5);

        using var first = await edge.GetAsync("/a/json?q=1");
        using var second = await edge.GetAsync("/a/json?q=1");

        Assert.Equal((200, "2", 429), ((int)first.StatusCode, Header(first, "X-Left"), (int)second.StatusCode));
    }

    [Theory]
    [InlineData("@(context.Request.Headers.ContainsKey(&quot;X-Count&quot;))")]
    [InlineData("false")]
    public async Task Request_that_increment_condition_does_not_count_is_not_looked_at(string condition)
    {
        await using var edge = await StartAsync("api", $"<rate-limit-by-key calls=\"5\" renewal-period=\"60\" counter-key=\"k\" increment-condition=\"{condition}\" />");
        edge.Lend(1);

        Assert.Equal(200, await edge.StatusAsync("/a/json"));
        Assert.Empty(edge.Asked);
        Assert.Equal(200, await edge.StatusAsync("/a/json", change: Counts));
        Assert.Equal(condition == "false" ? 200 : 429, await edge.StatusAsync("/a/json", change: Counts));
        Assert.Equal(200, await edge.StatusAsync("/a/json"));

        static void Counts(HttpRequestMessage request) => request.Headers.Add("X-Count", "1");
    }

    private static Task<LimitEdge> StartAsync(string scope, string policies, string? outbound = null) => scope switch
    {
        "product" => LimitEdge.StartAsync(product: policies, outbound: outbound),
        "global" => LimitEdge.StartAsync(global: policies, outbound: outbound),
        _ => LimitEdge.StartAsync(api: policies, outbound: outbound),
    };

    private static string Key(string policy) => policy == "rate-limit" ? "" : "counter-key=\"k\"";

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : "";
}
