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
    [InlineData("/a/orders/x?kind=a&p=1", "prevent", "prevent", "", "PathParameter id ValidationError Prevent|QueryParameter p Unspecified Prevent|RequestHeader X-Other Unspecified Prevent", "400 { \"statusCode\": 400, \"message\": \"The path parameter id must be of type integer.\" }")]
    [InlineData("/a/orders/x?kind=a&p=1", "detect", "detect", "", "PathParameter id ValidationError Detect|QueryParameter p Unspecified Detect|RequestHeader X-Other Unspecified Detect", null)]
    [InlineData("/a/orders/x?kind=a&p=1", "ignore", "detect", "", "QueryParameter p Unspecified Detect|RequestHeader X-Other Unspecified Detect", null)]
    [InlineData("/a/orders/x?kind=a&p=1", "detect", "ignore", "", "PathParameter id ValidationError Detect", null)]
    [InlineData("/a/orders/x?kind=a&p=1", "ignore", "ignore", "", "none", null)]
    [InlineData("/a/orders/x?kind=a&p=1", "@(\"detect\")", "@(\"ignore\")", "", "PathParameter id ValidationError Detect", null)]
    [InlineData("/a/orders/7?kind=a", "prevent", "prevent", "", "RequestHeader X-Other Unspecified Prevent", "400 { \"statusCode\": 400, \"message\": \"Unspecified header X-Other is not allowed.\" }")]
    [InlineData("/a/orders/7?kind=a", "prevent", "prevent", "<headers unspecified-parameter-action=\"ignore\" />", "none", null)]
    [InlineData("/a/orders/7?kind=a", "prevent", "prevent", "<headers unspecified-parameter-action=\"detect\" />", "RequestHeader X-Other Unspecified Detect", null)]
    [InlineData("/a/orders/7?kind=a", "ignore", "ignore", "<headers unspecified-parameter-action=\"prevent\" />", "RequestHeader X-Other Unspecified Prevent", "400 { \"statusCode\": 400, \"message\": \"Unspecified header X-Other is not allowed.\" }")]
    [InlineData("/a/orders/7?kind=a", "prevent", "prevent", "<headers><parameter name=\"x-other\" action=\"detect\" /></headers>", "RequestHeader X-Other Unspecified Detect", null)]
    [InlineData("/a/orders/7?kind=a", "ignore", "ignore", "<headers specified-parameter-action=\"prevent\"><parameter name=\"X-Other\" action=\"prevent\" /></headers>", "RequestHeader X-Other Unspecified Prevent", "400 { \"statusCode\": 400, \"message\": \"Unspecified header X-Other is not allowed.\" }")]
    [InlineData("/a/orders/x?kind=a", "prevent", "ignore", "<path><parameter name=\"id\" action=\"detect\" /></path>", "PathParameter id ValidationError Detect", null)]
    [InlineData("/a/orders/x?kind=a", "prevent", "ignore", "<path><parameter name=\"id\" action=\"ignore\" /></path>", "none", null)]
    [InlineData("/a/orders/x?kind=a", "ignore", "ignore", "<path><parameter name=\"id\" action=\"prevent\" /></path>", "PathParameter id ValidationError Prevent", "400 { \"statusCode\": 400, \"message\": \"The path parameter id must be of type integer.\" }")]
    [InlineData("/a/orders/7?kind=c", "ignore", "ignore", "<query specified-parameter-action=\"detect\" />", "QueryParameter kind ValidationError Detect", null)]
    public async Task Faults_of_parameters_stand_in_the_variable_and_are_dealt_with_by_their_action(
        string target, string specified, string unspecified, string children, string errors, string? refusal)
    {
        const string Listed = "<set-header name=\"X-Errors\" exists-action=\"override\"><value>@(context.Variables.ContainsKey(\"e\") ? string.Join(\"|\", ((JArray)context.Variables[\"e\"]).Select(x => x[\"Type\"] + \" \" + x[\"Name\"] + \" \" + x[\"ValidationRule\"] + \" \" + x[\"Action\"])) : \"none\")</value></set-header>";
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<validate-parameters specified-parameter-action=\"{specified}\" unspecified-parameter-action=\"{unspecified}\" errors-variable-name=\"e\">{children}</validate-parameters>",
            outbound: Listed, onError: Listed, operations: s_operations);

        using var response = await edge.Gateway.GetAsync(target, request =>
        {
            request.Headers.Add("X-Need", "1");
            request.Headers.Add("X-Other", "2");
        });

        Assert.Equal(errors, response.Headers.GetValues("X-Errors").Single());
        var answer = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        Assert.Equal((refusal ?? "200", refusal is null ? 1 : 0), (refusal is null ? answer[..3] : answer, edge.Backend.Requests));
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
    [InlineData("detect", "ignore", "", "200 {\"from\":\"backend\"}", """[{"Name":"X-Must","Type":"ResponseHeader","ValidationRule":"ValidationError","Details":"The header X-Must is required.","Action":"Detect"}]""")]
    [InlineData("ignore", "ignore", "<header name=\"X-Must\" action=\"prevent\" />", Masked, """[{"Name":"X-Must","Type":"ResponseHeader","ValidationRule":"ValidationError","Details":"The header X-Must is required.","Action":"Prevent"}]""")]
    [InlineData("@(\"ignore\")", "@(\"ignore\")", "<header name=\"X-Must\" action=\"@(\"detect\")\" />", "200 {\"from\":\"backend\"}", """[{"Name":"X-Must","Type":"ResponseHeader","ValidationRule":"ValidationError","Details":"The header X-Must is required.","Action":"Detect"}]""")]
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

    [Theory]
    [InlineData("detect", "", "200 {\"from\":\"backend\"}", """[{"Name":"X-Extra","Type":"ResponseHeader","ValidationRule":"Unspecified","Details":"Unspecified header X-Extra is not allowed.","Action":"Detect"}]""")]
    [InlineData("ignore", "", "200 {\"from\":\"backend\"}", "none")]
    [InlineData("prevent", "<header name=\"x-extra\" action=\"ignore\" />", "200 {\"from\":\"backend\"}", "none")]
    [InlineData("ignore", "<header name=\"X-Extra\" action=\"prevent\" />", Masked, """[{"Name":"X-Extra","Type":"ResponseHeader","ValidationRule":"Unspecified","Details":"Unspecified header X-Extra is not allowed.","Action":"Prevent"}]""")]
    public async Task Response_header_without_a_definition_is_dealt_with_by_its_action(string unspecified, string children, string expected, string errors)
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: $"<set-header name=\"X-Extra\"><value>1</value></set-header><validate-headers specified-header-action=\"ignore\" unspecified-header-action=\"{unspecified}\" errors-variable-name=\"e\">{children}</validate-headers>{Variable}",
            onError: Variable, operations: s_operations);

        using var response = await edge.Gateway.GetAsync("/a/json");

        Assert.Equal((expected, errors), ($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", response.Headers.GetValues("X-Errors").Single()));
    }

    [Theory]
    [InlineData("<validate-headers specified-header-action=\"prevent\" unspecified-header-action=\"ignore\" errors-variable-name=\"e\" />", "ResponseHeader X-Must ValidationError")]
    [InlineData("<validate-status-code unspecified-status-code-action=\"prevent\" errors-variable-name=\"e\" />", "StatusCode 299 Unspecified", 299)]
    [InlineData("<validate-content unspecified-content-type-action=\"prevent\" max-size=\"1000\" size-exceeded-action=\"prevent\" errors-variable-name=\"e\" />", "ResponseBody Body Unspecified")]
    [InlineData("<validate-content unspecified-content-type-action=\"ignore\" max-size=\"3\" size-exceeded-action=\"prevent\" errors-variable-name=\"e\" />", "ResponseBody Body SizeLimit")]
    public async Task Answer_that_on_error_makes_is_judged_there_too(string policy, string fault, int status = 200)
    {
        foreach (var isDetected in (bool[])[true, false])
        {
            await using var edge = await PolicyExchange.StartAsync(
                inbound: "<set-variable name=\"v\" value=\"@((string)context.Variables[\"none\"])\" />",
                onError: $$"""
                    <set-status code="{{status}}" /><set-body>made</set-body><set-header name="Content-Type" exists-action="override"><value>text/plain</value></set-header>
                    {{(isDetected ? policy.Replace("prevent", "detect", StringComparison.Ordinal) : policy)}}
                    <set-header name="X-Errors" exists-action="override"><value>@{ var e = ((JArray)context.Variables["e"])[0]; return e["Type"] + " " + e["Name"] + " " + e["ValidationRule"]; }</value></set-header>
                    """,
                operations: s_operations);

            using var response = await edge.Gateway.GetAsync("/a/json");

            var answer = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
            Assert.Equal(isDetected ? $"{status} made" : Masked, answer);
            Assert.Equal(isDetected ? fault : null, response.Headers.TryGetValues("X-Errors", out var errors) ? errors.Single() : null);
        }
    }
}
