using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class MockResponseTests : IAsyncLifetime
{
    private static readonly ExampleEntry[] s_examples =
    [
        new(404, null, null),
        new(200, "text/xml", "<a/>"),
        new(200, "application/json; charset=utf-8", """{"n":1}"""),
        new(200, "application/json", """{"n":2}"""),
        new(201, "application/json", null),
    ];

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("", 200, "text/xml", "<a/>")]
    [InlineData("status-code=\"200\" content-type=\"application/json\"", 200, "application/json; charset=utf-8", """{"n":1}""")]
    [InlineData("content-type=\"Application/JSON\" index=\"1\"", 200, "application/json", """{"n":2}""")]
    [InlineData("content-type=\"application/json\" index=\"9\"", 200, "application/json", """{"n":2}""")]
    [InlineData("content-type=\"text/csv\"", 200, "text/csv", "")]
    [InlineData("status-code=\"201\"", 201, "application/json", "")]
    [InlineData("status-code=\"404\"", 404, null, "")]
    [InlineData("status-code=\"500\" content-type=\"text/plain\"", 500, "text/plain", "")]
    public async Task Example_is_the_answer_and_nothing_else_runs(string attributes, int status, string? type, string body)
    {
        const string after = "<set-header name=\"X-After\"><value>1</value></set-header>";
        var mock = $"<mock-response {attributes} />";
        foreach (var (inbound, outbound, onError, calls) in new[] { (mock + after, after, "", 0), ("", mock + after, "", 1), ("", "<set-variable name=\"v\" value=\"@((string)context.Variables[&quot;none&quot;])\" />", mock + after, 1) })
        {
            var before = _backend.Requests;
            await using var gateway = await PolicyEdge.StartAsync(
                _backend, inbound: inbound, outbound: outbound, onError: onError,
                change: publication => publication with { Apis = [publication.Apis[0] with { Operations = [TestPublication.Operation("*", "/*") with { Examples = s_examples }] }] });

            using var response = await gateway.GetAsync("/a/json");

            Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
            Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
            Assert.False(response.Headers.Contains("X-After") || response.Headers.Contains("X-Backend"));
            Assert.Equal(calls, _backend.Requests - before);
            await gateway.NothingIsLeftAsync();
        }
    }

    [Fact]
    public async Task Operation_without_examples_answers_with_status_and_type()
    {
        await using var gateway = await PolicyEdge.StartAsync(_backend, inbound: """<mock-response content-type="application/json" />""");

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal((200, "application/json", ""), ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("", 200, "application/json", """{"id":7,"name":"string","kind":"cat","born":"2024-01-31","tags":["x"],"price":0.0,"good":true,"mother":{"name":"string"}}""")]
    [InlineData("content-type=\"application/list+json\"", 200, "application/list+json", """[1]""")]
    [InlineData("status-code=\"201\"", 201, "application/json", """{"n":1}""")]
    [InlineData("status-code=\"404\"", 404, "application/json", "")]
    public async Task Without_an_example_one_is_made_of_the_type(string attributes, int status, string type, string body)
    {
        const string Types = """
            {"components":{"schemas":{
              "pet":{"type":"object","properties":{"id":{"type":"integer","example":7},"name":{"type":"string"},"kind":{"type":"string","enum":["cat","dog"]},"born":{"type":"string","format":"date"},
                "tags":{"type":"array","items":{"type":"string","default":"x"}},"price":{"type":"number"},"good":{"type":"boolean"},"secret":{"type":"string","writeOnly":true},"mother":{"$ref":"#/components/schemas/parent"}}},
              "parent":{"allOf":[{"type":"object","properties":{"name":{"type":"string"},"child":{"$ref":"#/components/schemas/pet"}}}]},
              "numbers":{"type":"array","items":{"type":"integer","minimum":1}}}}}
            """;
        BodyEntry[] bodies = [new("application/json", "types", "pet"), new("application/list+json", "types", "numbers")];
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: $"<mock-response {attributes} />",
            change: publication => publication with
            {
                Apis =
                [
                    publication.Apis[0] with
                    {
                        Schemas = [new() { Id = "types", Type = "json", Text = Types, Types = "#/components/schemas/" }],
                        Operations =
                        [
                            TestPublication.Operation("*", "/*") with
                            {
                                Examples = [new(200, "application/json", null), new(200, "application/list+json", null), new(201, "application/json", """{"n":1}"""), new(404, "application/json", null)],
                                Definition = new() { Responses = [new() { StatusCode = 200, Bodies = bodies }, new() { StatusCode = 201, Bodies = bodies }, new() { StatusCode = 404, Bodies = [new("application/json", "types", "none")] }] },
                            },
                        ],
                    },
                ],
            });

        using var response = await gateway.GetAsync("/a/json");

        Assert.Equal((status, type), ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }
}
