using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class ValidationTests
{
    private const string Masked = "502 { \"statusCode\": 502, \"message\": \"The request could not be processed due to an internal error. Contact the API owner.\" }";
    private const string Passed = "200 ";
    private const string Variable = "<set-header name=\"X-Errors\" exists-action=\"override\"><value>@(context.Variables.ContainsKey(\"e\") ? ((JArray)context.Variables[\"e\"]).ToString(Newtonsoft.Json.Formatting.None) : \"none\")</value></set-header>";

    private static readonly OperationEntry[] s_operations =
    [
        TestPublication.Operation("GET", "/orders/{id}?kind={kind}") with
        {
            Definition = new()
            {
                Template = [new() { Name = "id", Type = "integer", Required = true }, new() { Name = "kind", Required = true, Values = ["a", "b"] }],
                Query = [new() { Name = "n", Type = "number" }, new() { Name = "flag", Type = "boolean" }],
                Headers = [new() { Name = "X-Need", Required = true, Type = "integer" }],
            },
        },
        TestPublication.Operation("GET", "/json") with
        {
            Definition = new()
            {
                Responses = [new() { StatusCode = 200, Headers = [new() { Name = "X-Backend", Values = ["yes"] }, new() { Name = "X-Must", Required = true }] }],
            },
        },
        TestPublication.Operation("GET", "/status/404") with { Definition = new() { Responses = [new() { StatusCode = 404 }] } },
        TestPublication.Operation("GET", "/status/403"),
    ];

    [Theory]
    [InlineData("/a/orders/7?kind=a", "1", Passed)]
    [InlineData("/a/orders/x?kind=a", "1", "400 { \"statusCode\": 400, \"message\": \"The path parameter id must be of type integer.\" }")]
    [InlineData("/a/orders/7?kind=c", "1", "400 { \"statusCode\": 400, \"message\": \"The query parameter kind is none of the values that its definition has.\" }")]
    [InlineData("/a/orders/7?kind=a&n=1.5&flag=true", "1", Passed)]
    [InlineData("/a/orders/7?kind=a&flag=yes", "1", "400 { \"statusCode\": 400, \"message\": \"The query parameter flag must be of type boolean.\" }")]
    [InlineData("/a/orders/7?kind=a&p=1", "1", "400 { \"statusCode\": 400, \"message\": \"Unspecified query parameter p is not allowed.\" }")]
    [InlineData("/a/orders/7?kind=a", null, "400 { \"statusCode\": 400, \"message\": \"The header X-Need is required.\" }")]
    [InlineData("/a/orders/7?kind=a", "one", "400 { \"statusCode\": 400, \"message\": \"The header X-Need must be of type integer.\" }")]
    [InlineData("/a/orders/7?kind=a&q=free", "1", Passed, "<query><parameter name=\"q\" action=\"ignore\" /></query>")]
    [InlineData("/a/orders/7?kind=a&p=1", "one", Passed, "<headers specified-parameter-action=\"ignore\" /><query unspecified-parameter-action=\"detect\" />")]
    [InlineData("/a/orders/x?kind=a", "1", Passed, "<path specified-parameter-action=\"ignore\" />")]
    public async Task Parameters_are_judged_by_the_definition(string target, string? header, string expected, string children = "")
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<validate-parameters specified-parameter-action=\"prevent\" unspecified-parameter-action=\"prevent\" errors-variable-name=\"e\">{children}</validate-parameters>", operations: s_operations);

        var answer = await edge.AnswerAsync(target, request =>
        {
            if (header is not null)
            {
                request.Headers.Add("X-Need", header);
            }
        });

        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/status/404", "prevent", "", "404 ", "none")]
    [InlineData("/a/status/403", "prevent", "", Masked, """[{"Name":"403","Type":"StatusCode","ValidationRule":"Unspecified","Details":"Unspecified status code 403 is not allowed.","Action":"Prevent"}]""")]
    [InlineData("/a/status/403", "detect", "", "403 ", """[{"Name":"403","Type":"StatusCode","ValidationRule":"Unspecified","Details":"Unspecified status code 403 is not allowed.","Action":"Detect"}]""")]
    [InlineData("/a/status/403", "ignore", "", "403 ", "none")]
    [InlineData("/a/status/403", "prevent", "<status-code code=\"403\" action=\"ignore\" />", "403 ", "none")]
    public async Task Status_is_judged_by_the_definition(string target, string action, string children, string expected, string errors)
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: $"<validate-status-code unspecified-status-code-action=\"{action}\" errors-variable-name=\"e\">{children}</validate-status-code>{Variable}", onError: Variable, operations: s_operations);

        using var response = await edge.Gateway.GetAsync(target);

        Assert.Equal((expected, errors), ($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", response.Headers.GetValues("X-Errors").Single()));
    }

    [Fact]
    public async Task Status_faults_stand_in_the_variable_by_either_name()
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: $"<validate-status-code unspecified-status-code-action=\"detect\" error-variable-name=\"e\" />{Variable}", operations: s_operations);

        using var response = await edge.Gateway.GetAsync("/a/status/403");

        Assert.Contains("Unspecified status code 403 is not allowed.", response.Headers.GetValues("X-Errors").Single());
    }

    [Theory]
    [InlineData("ignore", "ignore", "", "200 {\"from\":\"backend\"}", "none")]
    [InlineData("prevent", "ignore", "", Masked, """[{"Name":"X-Must","Type":"ResponseHeader","ValidationRule":"ValidationError","Details":"The header X-Must is required.","Action":"Prevent"}]""")]
    [InlineData("detect", "ignore", "<header name=\"X-Must\" action=\"ignore\" />", "200 {\"from\":\"backend\"}", "none")]
    public async Task Response_headers_are_judged_by_the_definition(string specified, string unspecified, string children, string expected, string errors)
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: $"<validate-headers specified-header-action=\"{specified}\" unspecified-header-action=\"{unspecified}\" errors-variable-name=\"e\">{children}</validate-headers>{Variable}", onError: Variable, operations: s_operations);

        using var response = await edge.Gateway.GetAsync("/a/json");

        Assert.Equal((expected, errors), ($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", response.Headers.GetValues("X-Errors").Single()));
    }

    [Fact]
    public async Task Response_header_without_a_definition_is_kept_back()
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: "<set-header name=\"X-Extra\"><value>1</value></set-header><validate-headers specified-header-action=\"ignore\" unspecified-header-action=\"prevent\" />", operations: s_operations);

        Assert.Equal(Masked, await edge.AnswerAsync("/a/json"));
    }
}
