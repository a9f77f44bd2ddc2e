using System.Net;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class CorsTests
{
    private const string Shop = "<cors{0}><allowed-origins><origin>https://shop.example</origin></allowed-origins>{1}</cors>";
    private const string Other = "<cors><allowed-origins><origin>https://other.example</origin></allowed-origins></cors>";
    private const string Key = "Ocp-Apim-Subscription-Key";

    private static readonly Gateway.Contracts.Publications.OperationEntry[] s_operations = [TestPublication.Operation("GET", "/json"), TestPublication.Operation("PUT", "/json")];

    public static TheoryData<string, string, string, string?, string> Preflights { get; } = new()
    {
        // origins
        { Policy(), "https://shop.example", "GET", null, "Allow-Origin=https://shop.example Allow-Methods=GET,POST Max-Age=0" },
        { Policy(), "HTTPS://Shop.Example:443", "GET", null, "Allow-Origin=HTTPS://Shop.Example:443 Allow-Methods=GET,POST Max-Age=0" },
        { Policy(), "https://shop.example:8443", "GET", null, "" },
        { Policy(), "http://shop.example", "GET", null, "" },
        { Policy(), "https://shop.example.evil", "GET", null, "" },
        { Policy(), "null", "GET", null, "" },
        { "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>", "https://x.example", "GET", null, "Allow-Origin=* Allow-Methods=GET,POST Max-Age=0" },
        { "<cors><allowed-origins><origin>http://x.example:80/</origin></allowed-origins></cors>", "http://x.example", "GET", null, "Allow-Origin=http://x.example Allow-Methods=GET,POST Max-Age=0" },
        { """<cors><allowed-origins><origin>@("https://" + context.Api.Id + ".example")</origin></allowed-origins></cors>""", "https://a.example", "GET", null, "Allow-Origin=https://a.example Allow-Methods=GET,POST Max-Age=0" },
        // methods
        { Policy(), "https://shop.example", "PUT", null, "" },
        { Policy(children: "<allowed-methods preflight-result-max-age=\"300\"><method>PUT</method></allowed-methods>"), "https://shop.example", "PUT", null, "Allow-Origin=https://shop.example Allow-Methods=PUT Max-Age=300" },
        { Policy(children: "<allowed-methods><method>*</method></allowed-methods>"), "https://shop.example", "PUT", null, "Allow-Origin=https://shop.example Allow-Methods=PUT Max-Age=0" },
        // headers
        { Policy(), "https://shop.example", "GET", "X-Any", "" },
        { Policy(children: "<allowed-headers><header>x-one</header><header>X-Two</header></allowed-headers>"), "https://shop.example", "GET", "X-Two, x-ONE", "Allow-Origin=https://shop.example Allow-Methods=GET,POST Allow-Headers=x-one,X-Two Max-Age=0" },
        { Policy(children: "<allowed-headers><header>x-one</header></allowed-headers>"), "https://shop.example", "GET", "x-one,x-two", "" },
        { Policy(children: "<allowed-headers><header>*</header></allowed-headers>"), "https://shop.example", "GET", "X-Any", "Allow-Origin=https://shop.example Allow-Methods=GET,POST Allow-Headers=X-Any Max-Age=0" },
        // credentials
        { Policy(" allow-credentials=\"true\""), "https://shop.example", "GET", null, "Allow-Credentials=true Allow-Origin=https://shop.example Allow-Methods=GET,POST Max-Age=0" },
        { "<cors allow-credentials=\"true\"><allowed-origins><origin>*</origin></allowed-origins></cors>", "https://x.example", "GET", null, "Allow-Credentials=true Allow-Origin=https://x.example Allow-Methods=GET,POST Max-Age=0" },
        // expressions
        { Policy(" allow-credentials=\"@(context.Api.Id == \"a\")\""), "https://shop.example", "GET", null, "Allow-Credentials=true Allow-Origin=https://shop.example Allow-Methods=GET,POST Max-Age=0" },
        { Policy(" allow-credentials=\"@(context.Api.Id == \"b\")\""), "https://shop.example", "GET", null, "Allow-Origin=https://shop.example Allow-Methods=GET,POST Max-Age=0" },
        { Policy(children: "<allowed-methods preflight-result-max-age=\"@(context.Api.Id.Length + 41)\"><method>@(\"P\" + \"UT\")</method></allowed-methods><allowed-headers><header>@(\"X-\" + context.Api.Id)</header></allowed-headers>"), "https://shop.example", "PUT", "x-a", "Allow-Origin=https://shop.example Allow-Methods=PUT Allow-Headers=X-a Max-Age=42" },
    };

    [Theory]
    [MemberData(nameof(Preflights))]
    public async Task Preflight_is_answered_before_the_pipeline_and_without_a_key(string cors, string origin, string method, string? headers, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: cors + "<return-response><set-status code=\"418\" /></return-response>", operations: s_operations, needsKey: true);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request => Ask(request, origin, method, headers));

        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(expected, Granted(response));
        Assert.Equal(0, edge.Backend.Requests);
    }

    // Of several in scope, the global one first: it stands where the API's policy has its base.
    [Theory]
    [InlineData("false", Other, "Allow-Origin=https://other.example Allow-Methods=GET,POST Max-Age=0")]
    [InlineData("true", Other, "")]
    [InlineData("@(context.Api.Id == \"b\")", Other, "Allow-Origin=https://other.example Allow-Methods=GET,POST Max-Age=0")]
    [InlineData("@(context.Api.Id == \"a\")", Other, "")]
    [InlineData("false", "<choose><when condition=\"@(true)\">" + Other + "</when></choose>", "")] // one that stands in another policy does not answer
    public async Task Preflight_that_does_not_fit_is_left_to_the_next_one(string terminates, string next, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: next, operations: s_operations,
            global: $"<policies><inbound>{Policy($" terminate-unmatched-request=\"{terminates.Replace("\"", "&quot;", StringComparison.Ordinal)}\"")}</inbound><backend><forward-request /></backend></policies>");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request => Ask(request, "https://other.example", "GET", null));

        Assert.Equal((HttpStatusCode.OK, expected), (response.StatusCode, Granted(response)));
    }

    [Fact]
    public async Task Preflight_of_an_api_without_cors_is_not_found()
    {
        await using var edge = await PolicyExchange.StartAsync(operations: s_operations);

        Assert.Equal("404 { \"statusCode\": 404, \"message\": \"Resource not found\" }", await edge.AnswerAsync("/a/json", request => Ask(request, "https://shop.example", "GET", null), HttpMethod.Options));
    }

    [Fact]
    public async Task Preflight_asks_the_global_policy_too()
    {
        await using var edge = await PolicyExchange.StartAsync(
            global: "<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins></cors></inbound><backend><forward-request /></backend></policies>", operations: s_operations);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request => Ask(request, "https://any.example", "GET", null));

        Assert.Equal("Allow-Origin=* Allow-Methods=GET,POST Max-Age=0", Granted(response));
    }

    [Fact]
    public async Task Operation_of_its_own_for_options_runs_its_whole_pipeline()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: Policy(), operations: [TestPublication.Operation("OPTIONS", "/json"), .. s_operations], needsKey: true);

        using var refused = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request => Ask(request, "https://shop.example", "GET", null));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var response = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request =>
        {
            Ask(request, "https://shop.example", "GET", null);
            request.Headers.Add(Key, "me-1");
        });
        Assert.Equal("Allow-Origin=https://shop.example Allow-Methods=GET,POST Max-Age=0", Granted(response));
        using var plain = await edge.Gateway.SendAsync(HttpMethod.Options, "/a/json", request => request.Headers.Add(Key, "me-1"));
        Assert.Equal("{\"from\":\"backend\"}", await plain.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "https://shop.example", "", "{\"from\":\"backend\"}", "Allow-Origin=https://shop.example")]
    [InlineData("GET", "https://other.example", "", "", "")]
    [InlineData("GET", "https://other.example", " terminate-unmatched-request=\"false\"", "{\"from\":\"backend\"}", "")]
    [InlineData("PUT", "https://other.example", "", "{\"from\":\"backend\"}", "")]
    [InlineData("PUT", "https://shop.example", " allow-credentials=\"true\"", "{\"from\":\"backend\"}", "Allow-Credentials=true Allow-Origin=https://shop.example")]
    [InlineData("GET", null, "", "{\"from\":\"backend\"}", "")]
    [InlineData("GET", "https://other.example", " terminate-unmatched-request=\"@(context.Request.Method != \"GET\")\"", "{\"from\":\"backend\"}", "")]
    [InlineData("GET", "https://other.example", " terminate-unmatched-request=\"@(context.Request.Method == \"GET\")\"", "", "")]
    [InlineData("GET", "https://shop.example", " allow-credentials=\"@(context.Request.Method == \"GET\")\"", "{\"from\":\"backend\"}", "Allow-Credentials=true Allow-Origin=https://shop.example")]
    public async Task Request_with_an_origin_gets_what_its_page_may_read(string method, string? origin, string attributes, string body, string granted)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: Policy(attributes), operations: s_operations);

        using var response = await edge.Gateway.SendAsync(new HttpMethod(method), "/a/json", request =>
        {
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }
        });

        Assert.Equal((HttpStatusCode.OK, body), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(granted, Granted(response));
        Assert.Equal(body.Length == 0 ? 0 : 1, edge.Backend.Requests);
    }

    [Theory]
    [InlineData("https://shop.example", "", true)]
    [InlineData("https://other.example", "", false)]
    [InlineData("https://other.example", " terminate-unmatched-request=\"false\"", true)]
    public async Task Head_that_does_not_fit_is_answered_without_the_backend(string origin, string attributes, bool reaches)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: Policy(attributes), operations: [TestPublication.Operation("HEAD", "/json")]);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Head, "/a/json", request => request.Headers.Add("Origin", origin));

        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal((reaches, reaches ? 1 : 0), (response.Headers.Contains("X-Backend"), edge.Backend.Requests));
        Assert.Equal(origin == "https://shop.example" ? "Allow-Origin=https://shop.example" : "", Granted(response));
    }

    [Fact]
    public async Task Exposed_headers_and_vary_stand_in_the_answer()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: Policy(children: "<expose-headers><header>X-Backend</header><header>ETag</header></expose-headers>"));

        using var response = await edge.Gateway.GetAsync("/a/json", request => request.Headers.Add("Origin", "https://shop.example"));

        Assert.Equal("X-Backend,ETag", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.Equal("Origin", string.Join(',', response.Headers.Vary));
    }

    private static string Policy(string attributes = "", string children = "") => string.Format(Shop, attributes, children);

    private static void Ask(HttpRequestMessage request, string origin, string method, string? headers)
    {
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        if (headers is not null)
        {
            request.Headers.Add("Access-Control-Request-Headers", headers);
        }
    }

    private static string Granted(HttpResponseMessage response)
    {
        const string prefix = "Access-Control-";
        string[] order = ["Allow-Credentials", "Allow-Origin", "Allow-Methods", "Allow-Headers", "Max-Age"];
        return string.Join(' ', order.Where(name => response.Headers.Contains(prefix + name)).Select(name => $"{name}={string.Join('|', response.Headers.GetValues(prefix + name))}"));
    }
}
