using System.Text;
using System.Text.Json.Nodes;
using Gateway.Management.Tests.Support;
using Gateway.Testing;

namespace Gateway.Management.Tests.Import;

/// <summary>Documents that are wrong or hostile: always 400 with a place, soon, and nothing fetched or written.</summary>
public sealed class BadDocumentTests : ManagementFixture
{
    private const string Head = "\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\",\"version\":\"1\"}";
    private const string Responses = "\"responses\":{\"200\":{\"description\":\"ok\"}}";

    public static TheoryData<string, string, string, string> Rows { get; } = new()
    {
        // Formats
        { "xml", "x", "properties.format", "must be one of" },
        { "OPENAPI", "x", "properties.format", "must be one of" },
        { "openapi-link", "http://127.0.0.1/x", "properties.format", "does not fetch" },
        { "openapi+json-link", "http://127.0.0.1/x", "properties.format", "does not fetch" },
        { "swagger-link-json", "http://127.0.0.1/x", "properties.format", "does not fetch" },
        { "wsdl", "<x/>", "properties.format", "not supported" },
        { "openapi", "", "properties.value", "non-empty" },
        { "", "x", "properties.format", "non-empty" },
        { "openapi", """{"swagger":"2.0","info":{"title":"t","version":"1"},"paths":{}}""", "properties.format", "swagger-json" },
        { "swagger-json", """{HEAD,"paths":{}}""", "properties.format", "openapi" },

        // Not JSON, not YAML
        { "openapi+json", "openapi: 3.0.0", "properties.value", "line 1, position 1" },
        { "openapi+json", "{\n\"openapi\": }", "properties.value", "line 2, position 12" },
        { "openapi+json", """{HEAD,"paths":{"/a":{},"/a":{}}}""", "properties.value", "/a" },
        { "openapi+json", "[]", "properties.value", "object" },
        { "openapi", "a: b: c", "properties.value", "line 1" },
        { "openapi", "openapi: 3.0.0\ninfo:\n\t- x", "properties.value", "line 3" },
        { "openapi", "openapi: 3.0.0\npaths:\n  /a: {}\n  /a: {}\n", "properties.value", "/a" },
        { "openapi", "just text", "properties.value", "document" },
        { "openapi", "- a\n- b", "properties.value", "document" },
        { "openapi", "openapi: *nothing", "properties.value", "alias" },
        { "openapi", "a: &a [*a]", "properties.value", "alias" },
        { "openapi", "\u0000\u0001", "properties.value", "document" },
        { "openapi", "? {a: b}\n: c", "properties.value", "document" },

        // Not OpenAPI
        { "openapi+json", "{}", "properties.value", "Version" },
        { "openapi+json", """{"openapi":"9.9.9"}""", "properties.value", "9.9.9" },
        { "openapi+json", """{HEAD,"paths":[1]}""", "properties.value", "#/paths" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":7}}}""", "properties.value", "#/paths/~1a/get" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":{},RESPONSES}}}}""", "properties.value", "#/paths/~1a/get/parameters" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"operationId":[],RESPONSES}}}}""", "properties.value", "#/paths/~1a/get/operationId" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":[{"in":"query"}],RESPONSES}}}}""", "properties.value", "#/paths/~1a/get" },

        // Operations
        { "openapi+json", """{HEAD,"paths":{"/a/{x}":{"get":{RESPONSES}},"/a/{y}":{"get":{RESPONSES}}}}""", "properties.value", "#/paths/~1a~1{y}/get" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{RESPONSES}},"/A":{"get":{RESPONSES}}}}""", "properties.value", "#/paths/~1A/get" },
        { "openapi+json", """{HEAD,"paths":{"/a/{x}/{x}":{"get":{RESPONSES}}}}""", "properties.value", "twice" },
        { "openapi+json", """{HEAD,"paths":{"/a/{x}.{y}":{"get":{RESPONSES}}}}""", "properties.value", "#/paths/~1a~1{x}.{y}/get" },
        { "openapi+json", """{HEAD,"paths":{"/a/../b":{"get":{RESPONSES}}}}""", "properties.value", "#/paths/~1a~1..~1b/get" },

        // References
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":[{"$ref":"http://127.0.0.1:9/x.json#/p"}],RESPONSES}}}}""", "properties.value", "not followed" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":[{"$ref":"file:///etc/passwd"}],RESPONSES}}}}""", "properties.value", "not followed" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":[{"$ref":"#/components/parameters/none"}],RESPONSES}}}}""", "properties.value", "leads nowhere" },
        { "openapi+json", """{HEAD,"paths":{"/a":{"get":{"parameters":[{"$ref":"#/components/parameters/p"}],RESPONSES}}},"components":{"parameters":{"p":{"$ref":"#/components/parameters/q"},"q":{"$ref":"#/components/parameters/p"} } }}""", "properties.value", "ircular" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Document_ThatIsWrong_IsRefusedWithItsPlace(string format, string value, string target, string says)
    {
        var document = value.Replace("HEAD", Head, StringComparison.Ordinal).Replace("RESPONSES", Responses, StringComparison.Ordinal);
        var reply = await Server.SendAsync("PUT", "/apis/x", ApiImportTests.Body(format, document));

        Assert.True((reply.Status, reply.Code) == (400, "ValidationError"), reply.ToString());
        Assert.Contains(reply.Details, detail => (string?)detail["target"] == target && ((string)detail["message"]!).Contains(says, StringComparison.Ordinal));
        Assert.Equal(404, (await Server.SendAsync("GET", "/apis/x")).Status);
    }

    [Fact]
    public async Task Document_WithoutItsFormat_IsRefused()
    {
        var reply = await Server.SendAsync("PUT", "/apis/x", """{"properties":{"path":"x","value":"openapi: 3.0.0"}}""");

        Assert.Equal((400, "properties.format"), (reply.Status, (string?)reply.Details[0]["target"]));
    }

    [Fact]
    public async Task ChangeSet_WithABadDocument_NamesTheChange()
    {
        var reply = await Server.SendAsync("POST", "/changes", """
            { "changes": [
              { "op": "put", "id": "/products/p", "properties": { "displayName": "P" } },
              { "op": "put", "id": "/apis/x", "properties": { "path": "x", "format": "openapi", "value": "a: b: c" } }
            ] }
            """);

        Assert.Equal((400, "changes[1].properties.value"), (reply.Status, (string?)reply.Details[0]["target"]));
        Assert.Equal(0, Catalog.Writes);
    }

    [Fact]
    public async Task ChangeSet_OfManyDocuments_IsTakenInItsOrder_AndNamesEachBadOne()
    {
        var bad = await Server.SendAsync("POST", "/changes", Changes("a: b: c", 7, 31));

        Assert.Equal(["changes[7].properties.value", "changes[31].properties.value"], bad.Details.Select(detail => (string?)detail["target"]));
        Assert.Equal(0, Catalog.Writes);

        var good = await Server.SendAsync("POST", "/changes", Changes("", []));

        Assert.Equal(200, good.Status);
        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"/apis/x{number}"), good.Json["changes"]!.AsArray().Select(change => (string)change!["id"]!));
        Assert.Equal(["getA", "getB"], (await Server.SendAsync("GET", "/apis/x39/operations")).Json["value"]!.AsArray().Select(operation => (string)operation!["name"]!));

        static string Changes(string wrong, params int[] at) => new JsonObject
        {
            ["changes"] = new JsonArray([.. Enumerable.Range(0, 40).Select(number => (JsonNode)new JsonObject
            {
                ["op"] = "put",
                ["id"] = $"/apis/x{number}",
                ["properties"] = new JsonObject { ["path"] = $"x{number}", ["format"] = "openapi", ["value"] = at.Contains(number) ? wrong : ApiImportTests.Json },
            })]),
        }.ToJsonString();
    }

    public static TheoryData<string, string> Bombs { get; } = new()
    {
        { "aliases", "aliases" },
        { "chain", "nested deeper" },
        { "flow", "nesting depth of 64 has been exceeded (line 1, column 65)" },
        { "dashes", "nesting depth" },
        { "keys", "" },
        { "nodes", "more than" },
        { "anchors", "" },
        { "json", "" },
        { "scalar", "" },
        { "comment", "" },
        { "schemas", "" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task Document_ThatIsABomb_IsRefusedSoon(string bomb, string says)
    {
        var spent = ProcessorTime.Start();

        var reply = await Server.SendAsync("PUT", "/apis/x", ApiImportTests.Body(bomb == "json" ? "openapi+json" : "openapi", Text(bomb)));

        Assert.True(reply.Status is 400 or 413, reply.ToString()[..Math.Min(500, reply.ToString().Length)]);
        Assert.True(reply.Text.Contains(says, StringComparison.Ordinal), reply.Text[..Math.Min(500, reply.Text.Length)]);
        spent.AssertAtMost(30);
    }

    private static string Text(string bomb)
    {
        var text = new StringBuilder();
        switch (bomb)
        {
            case "aliases":
                text.Append("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
                for (var i = 1; i < 20; i++)
                {
                    text.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
                }

                return text.ToString();
            case "chain":
                text.Append("a0: &a0 [x]\n");
                for (var i = 1; i < 200; i++)
                {
                    text.Append($"a{i}: &a{i} [*a{i - 1}]\n");
                }

                return text.ToString();
            case "flow": return new string('[', 10_000_000);
            case "dashes": return string.Concat(Enumerable.Repeat("- ", 5_000_000));
            case "keys": return string.Concat(Enumerable.Repeat("? ", 2_000_000));
            case "nodes": return "a: [" + string.Concat(Enumerable.Repeat("1,", 8_000_000)) + "1]";
            case "anchors":
                for (var i = 0; i < 100_000; i++)
                {
                    text.Append($"k{i}: &a{i} x\n");
                }

                return text.ToString();
            case "json": return "{\"openapi\":\"3.0.0\",\"x\":" + new string('[', 5_000_000);
            case "scalar": return "a: \"" + new string('x', 30_000_000);
            case "comment": return "openapi: 3.0.0 " + new string('#', 20_000_000) + "\nb: [";
            case "schemas":
                text.Append("openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: 7\ncomponents:\n  schemas:\n");
                for (var i = 0; i < 20_000; i++)
                {
                    text.Append($"    s{i}: {{ $ref: '#/components/schemas/s{i + 1}' }}\n");
                }

                return text.ToString();
            default: throw new ArgumentOutOfRangeException(nameof(bomb));
        }
    }
}
