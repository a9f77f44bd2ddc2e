using System.Net;

namespace Gateway.Edge.Tests.Policies;

public sealed class AccessTests
{
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason + \" \" + context.LastError.Path)</value></set-header>";

    [Theory]
    [InlineData("", null, "HeaderNotFound")]
    [InlineData("", "", null)]
    [InlineData("<value>a</value><value>b</value>", "b", null)]
    [InlineData("<value>a</value><value>b</value>", "c", "HeaderValueNotAllowed")]
    [InlineData("<value>a</value>", "A", "HeaderValueNotAllowed")]
    [InlineData("ignore-case|<value>a</value>", "A", null)]
    [InlineData("<value>a</value>", "a|b", "HeaderValueNotAllowed")]
    [InlineData("<value>@(context.Api.Id)</value>", "a", null)]
    public async Task Check_header_lets_listed_values_pass(string values, string? sent, string? reason)
    {
        var (flag, list) = values.Split('|') is [var first, var second] ? (first, second) : ("", values);
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<check-header name=\"X-Test\" failed-check-httpcode=\"403\" failed-check-error-message=\"Not &quot;you&quot;\" ignore-case=\"{(flag.Length > 0 ? "true" : "false")}\">{list}</check-header>", onError: Why);

        using var response = await edge.Gateway.GetAsync("/a/json", request =>
        {
            foreach (var value in sent?.Split('|') ?? [])
            {
                request.Headers.TryAddWithoutValidation("X-Test", value);
            }
        });

        Assert.Equal(reason is null ? "{\"from\":\"backend\"}" : "{ \"statusCode\": 403, \"message\": \"Not \\\"you\\\"\" }", await response.Content.ReadAsStringAsync());
        Assert.Equal(reason is null ? null : $"check-header {reason} check-header[1]", response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : null);
    }

    [Fact]
    public async Task Check_header_may_be_all_expressions()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: """
            <check-header name="@("X-" + "Test")" failed-check-httpcode="@(400 + 3)" failed-check-error-message="@("no " + context.Api.Id)" ignore-case="@(true)"><value>@("V")</value></check-header>
            """);

        Assert.Equal("403 { \"statusCode\": 403, \"message\": \"no a\" }", await edge.AnswerAsync("/a/json"));
        Assert.StartsWith("200", await edge.AnswerAsync("/a/json", request => request.Headers.Add("X-Test", "v")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allow", "<address>127.0.0.1</address>", null)]
    [InlineData("allow", "<address>10.0.0.1</address>", "CallerIpNotAllowed")]
    [InlineData("allow", "<address>127.0.0.0/8</address>", null)]
    [InlineData("allow", "<address>::ffff:127.0.0.1</address>", null)]
    [InlineData("allow", "<address>2001:db8::/32</address><address-range from=\"::1\" to=\"::2\" />", "CallerIpNotAllowed")]
    [InlineData("allow", "<address-range from=\"127.0.0.0\" to=\"127.0.0.255\" />", null)]
    [InlineData("allow", "<address-range from=\"127.0.0.2\" to=\"127.0.0.255\" />", "CallerIpNotAllowed")]
    [InlineData("forbid", "<address>127.0.0.1</address>", "CallerIpBlocked")]
    [InlineData("forbid", "<address>0.0.0.0/0</address>", "CallerIpBlocked")]
    [InlineData("forbid", "<address>10.0.0.1</address><address-range from=\"126.0.0.0\" to=\"126.255.255.255\" />", null)]
    [InlineData("@(context.Api.Id == \"a\" ? \"forbid\" : \"allow\")", "<address>@(\"127.0.0.1\")</address>", "CallerIpBlocked")]
    [InlineData("allow", "<address-range from=\"@(&quot;127.0.0.0&quot;)\" to=\"127.0.0.3\" />", null)]
    public async Task Ip_filter_judges_the_other_end_of_the_connection(string action, string list, string? reason)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<ip-filter action=\"{action}\">{list}</ip-filter>", onError: Why);

        using var response = await edge.Gateway.GetAsync("/a/json", request => request.Headers.Add("X-Forwarded-For", "10.0.0.1"));

        Assert.Equal(reason is null ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(reason is null ? "{\"from\":\"backend\"}" : "{ \"statusCode\": 403, \"message\": \"Forbidden\" }", await response.Content.ReadAsStringAsync());
        Assert.Equal(reason is null ? null : $"ip-filter {reason} ip-filter[1]", response.Headers.TryGetValues("X-Why", out var why) ? why.Single() : null);
    }
}
