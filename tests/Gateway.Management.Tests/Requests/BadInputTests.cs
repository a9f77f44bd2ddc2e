using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Requests;

/// <summary>Wrong requests and the exact answer to each: status, code of the envelope, and what it points at.</summary>
public class BadInputTests : ManagementFixture
{
    private const string Product = """{"properties":{"displayName":"P"}}""";
    private const string Api = """{"properties":{"displayName":"A","path":"a"}}""";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.Equal(201, (await Server.SendAsync("PUT", "/products/p", Product)).Status);
        Assert.Equal(201, (await Server.SendAsync("PUT", "/apis/a", Api)).Status);
    }

    public static TheoryData<string, string, string?, string?, int, string, string?> Rows { get; } = new()
    {
        // The address
        { "GET", "/nothing", null, null, 404, "ResourceNotFound", null },
        { "GET", "/nothing/x", null, null, 404, "ResourceNotFound", null },
        { "GET", "/apis/a/nothing/x", null, null, 404, "ResourceNotFound", null },
        { "GET", "/apis/a/b/c/d/e/f/g/h/i/j/k", null, null, 404, "ResourceNotFound", null },
        { "GET", "//apis/a", null, null, 400, "ValidationError", "path" },
        { "GET", "/apis//a", null, null, 400, "ValidationError", "path" },
        { "GET", "/apis/a%2Fb", null, null, 400, "ValidationError", "path" },
        { "GET", "/apis/a%2fb", null, null, 400, "ValidationError", "path" },
        { "GET", "/apis/a%5Cb", null, null, 400, "ValidationError", "path" },
        { "GET", "/apis/a%20b", null, null, 400, "ValidationError", "id" },
        { "GET", "/apis/a%26b", null, null, 400, "ValidationError", "id" },
        { "GET", "/apis/a%3Cscript%3E", null, null, 400, "ValidationError", "id" },
        { "GET", "/apis/a%01b", null, null, 400, "ValidationError", "id" },
        { "GET", "/apis/a*", null, null, 400, "ValidationError", "id" },
        { "GET", "/apis/a%23/operations", null, null, 400, "ValidationError", "id" },
        { "PUT", "/apis/a%23/operations/x", """{"properties":{}}""", null, 400, "ValidationError", "id" },
        { "PUT", "/apis/" + new string('a', 81), Api, null, 400, "ValidationError", "id" },
        { "PUT", "/products/" + new string('a', 257), Product, null, 400, "ValidationError", "id" },
        { "PUT", "/gateways/managed", """{"properties":{}}""", null, 400, "ValidationError", "id" },
        { "DELETE", "/gateways/managed", null, "*", 400, "ValidationError", "id" },
        { "GET", "/gateways/managed", null, null, 404, "ResourceNotFound", null },

        // The query
        { "GET", "/apis/a?api-version=", null, null, 400, "MissingApiVersionParameter", null },
        { "GET", "/apis/a?api-version=latest", null, null, 400, "InvalidApiVersionParameter", null },
        { "GET", "/apis/a?api-version=2024-13-01", null, null, 400, "InvalidApiVersionParameter", null },
        { "GET", "/apis/a?api-version=2024-5-1", null, null, 400, "InvalidApiVersionParameter", null },
        { "GET", "/apis/a?api-version=2024-05-01-beta", null, null, 400, "InvalidApiVersionParameter", null },
        { "GET", "/apis/a?api-version=2024-05-01&api-version=2024-05-01", null, null, 400, "InvalidApiVersionParameter", null },
        { "GET", "/apis?$top=0", null, null, 400, "ValidationError", "$top" },
        { "GET", "/apis?$top=1001", null, null, 400, "ValidationError", "$top" },
        { "GET", "/apis?$top=many", null, null, 400, "ValidationError", "$top" },
        { "GET", "/apis?$top=99999999999", null, null, 400, "ValidationError", "$top" },
        { "GET", "/apis?$skip=-1", null, null, 400, "ValidationError", "$skip" },
        { "GET", "/apis?$filter=name%20eq%20'a'", null, null, 400, "ValidationError", "$filter" },
        { "GET", "/apis?$orderby=name", null, null, 400, "ValidationError", "$orderby" },
        { "PUT", "/products/p?strict=maybe", Product, null, 400, "ValidationError", "strict" },
        { "DELETE", "/products/p?deleteSubscriptions=1", null, "*", 400, "ValidationError", "deleteSubscriptions" },

        // Verbs
        { "POST", "/products/p", Product, null, 405, "MethodNotAllowed", null },
        { "PUT", "/products", Product, null, 405, "MethodNotAllowed", null },
        { "DELETE", "/apis", null, "*", 405, "MethodNotAllowed", null },
        { "OPTIONS", "/apis/a", null, null, 405, "MethodNotAllowed", null },
        { "BREW", "/apis/a", null, null, 405, "MethodNotAllowed", null },
        { "GET", "/products/p/apis/a", null, null, 405, "MethodNotAllowed", null },
        { "PATCH", "/products/p/apis/a", "{}", "*", 405, "MethodNotAllowed", null },
        { "PATCH", "/policies/policy", "{}", "*", 405, "MethodNotAllowed", null },
        { "GET", "/changes", null, null, 405, "MethodNotAllowed", null },
        { "PUT", "", "{}", null, 405, "MethodNotAllowed", null },
        { "POST", "/gateways/managed/nodes", "{}", null, 405, "MethodNotAllowed", null },
        { "GET", "/subscriptions/s/listSecrets", null, null, 405, "MethodNotAllowed", null },

        // Preconditions
        { "PATCH", "/products/p", Product, null, 400, "ValidationError", "If-Match" },
        { "DELETE", "/products/p", null, null, 400, "ValidationError", "If-Match" },
        { "DELETE", "/products/none", null, null, 400, "ValidationError", "If-Match" },
        { "PATCH", "/products/p", Product, "\"stale\"", 412, "PreconditionFailed", null },
        { "PUT", "/products/p", Product, "stale", 412, "PreconditionFailed", null },
        { "PUT", "/products/new", Product, "*", 412, "PreconditionFailed", null },
        { "DELETE", "/products/p", null, "W/\"stale\"", 412, "PreconditionFailed", null },
        { "PATCH", "/products/p", Product, "\"a\", \"b\"", 400, "ValidationError", "If-Match" },
        { "PATCH", "/products/p", Product, "\"\"", 400, "ValidationError", "If-Match" },
        { "PATCH", "/products/none", Product, "*", 404, "ResourceNotFound", null },

        // Bodies that are not JSON, or not what JSON should be
        { "PUT", "/products/p", "{", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "<xml/>", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "[]", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "null", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "\"text\"", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{} {}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"properties\":{\"displayName\":\"a\",\"displayName\":\"b\"}}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"properties\":{},\"properties\":{}}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"properties\":{\"displayName\":\"\\ud800\"}}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"\\udc00\":1}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"properties\":{\"displayName\":\"a\",}}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{/*x*/}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", "{\"properties\":" + new string('[', 100) + new string(']', 100) + "}", null, 400, "ValidationError", "body" },
        { "PUT", "/products/p", new string('[', 100_000), null, 400, "ValidationError", "body" },

        // Bodies of the wrong shape
        { "PUT", "/products/new", null, null, 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/new", "{}", null, 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/p", """{"properties":[]}""", null, 400, "ValidationError", "properties" },
        { "PUT", "/products/p", """{"properties":"x"}""", null, 400, "ValidationError", "properties" },
        { "PUT", "/products/p", """{"properties":{"displayName":7}}""", null, 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/p", """{"properties":{"displayName":""}}""", null, 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/p", """{"properties":{"displayName":null}}""", null, 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/p", """{"properties":{"displayName":"x","state":"gone"}}""", null, 400, "ValidationError", "properties.state" },
        { "PUT", "/products/p", """{"properties":{"displayName":"x","subscriptionsLimit":1e99}}""", null, 400, "ValidationError", "properties.subscriptionsLimit" },
        { "PUT", "/products/p", """{"properties":{"displayName":"x","subscriptionsLimit":-1}}""", null, 400, "ValidationError", "properties.subscriptionsLimit" },
        { "PUT", "/products/p", """{"properties":{"displayName":"x","subscriptionRequired":"yes"}}""", null, 400, "ValidationError", "properties.subscriptionRequired" },
        { "PATCH", "/products/p", """{"properties":{"displayName":null}}""", "*", 400, "ValidationError", "properties.displayName" },
        { "PUT", "/products/p?strict=true", """{"properties":{"displayName":"x","colour":"red"}}""", null, 400, "ValidationError", "colour" },
        { "PUT", "/products/p?strict=true", """{"properties":{"displayName":"x"},"colour":"red"}""", null, 400, "ValidationError", "colour" },
        { "PUT", "/apis/b", """{"properties":{"displayName":"B","path":"a/../b"}}""", null, 400, "ValidationError", "properties.path" },
        { "PUT", "/apis/b", """{"properties":{"displayName":"B","path":"b","serviceUrl":"ftp://x"}}""", null, 400, "ValidationError", "properties.serviceUrl" },
        { "PUT", "/apis/a;rev=2", Api, null, 400, "ValidationError", "id" },

        // What other resources have to say
        { "PUT", "/apis/b", Api, null, 409, "Conflict", "properties.path" },
        { "PUT", "/apis/none/operations/x", """{"properties":{"displayName":"X","method":"GET","urlTemplate":"/x"}}""", null, 404, "ResourceNotFound", null },
        { "PUT", "/products/p/apis/none", null, null, 404, "ResourceNotFound", "id" },
        { "PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"/products/none"}}""", null, 400, "ValidationError", "properties.scope" },
        { "PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"nonsense"}}""", null, 400, "ValidationError", "properties.scope" },
        { "PUT", "/apis/a/operations/x", """{"properties":{"displayName":"X","method":"GET","urlTemplate":"/x/{y"}}""", null, 400, "ValidationError", "properties.urlTemplate" },
        { "GET", "/apis/none", null, null, 404, "ResourceNotFound", null },
        { "GET", "/apis/none/operations", null, null, 404, "ResourceNotFound", null },
        { "POST", "/subscriptions/none/listSecrets", null, null, 404, "ResourceNotFound", null },
        { "POST", "/subscriptions/none/dance", null, null, 404, "ResourceNotFound", null },
        { "GET", "/gateways/none/nodes", null, null, 404, "ResourceNotFound", null },
        { "GET", "/gateways/a%20b/nodes", null, null, 400, "ValidationError", "id" },

        // Change sets
        { "POST", "/changes", null, null, 400, "ValidationError", "changes" },
        { "POST", "/changes", "{}", null, 400, "ValidationError", "changes" },
        { "POST", "/changes", """{"changes":{}}""", null, 400, "ValidationError", "changes" },
        { "POST", "/changes", """{"changes":[7]}""", null, 400, "ValidationError", "changes[0]" },
        { "POST", "/changes", """{"changes":[null]}""", null, 400, "ValidationError", "changes[0]" },
        { "POST", "/changes", """{"changes":[{}]}""", null, 400, "ValidationError", "changes[0].op" },
        { "POST", "/changes", """{"changes":[{"op":"move","id":"/apis/a"}]}""", null, 400, "ValidationError", "changes[0].op" },
        { "POST", "/changes", """{"changes":[{"op":1,"id":"/apis/a"}]}""", null, 400, "ValidationError", "changes[0].op" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":5}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"apis/a"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/apis//a"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/apis/../a"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/nothing/a"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/apis/a%2Fb"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/gateways/managed"}]}""", null, 400, "ValidationError", "changes[0].id" },
        { "POST", "/changes", """{"changes":[{"op":"patch","id":"/policies/policy","properties":{}}]}""", null, 400, "ValidationError", "changes[0].op" },
        { "POST", "/changes", """{"changes":[{"op":"put","id":"/apis/b","properties":7}]}""", null, 400, "ValidationError", "changes[0].properties" },
        { "POST", "/changes", """{"changes":[{"op":"delete","id":"/apis/a","cascade":"yes"}]}""", null, 400, "ValidationError", "changes[0].cascade" },
        { "POST", "/changes?strict=true", """{"changes":[{"op":"delete","id":"/apis/a","when":"now"}]}""", null, 400, "ValidationError", "changes[0].when" },
        { "POST", "/changes?strict=true", """{"changes":[{"op":"put","id":"/products/q","properties":{"displayName":"Q","colour":1}}]}""", null, 400, "ValidationError", "changes[0].colour" },
        { "POST", "/changes", """{"changes":[{"op":"delete","id":"/apis/a"},{"op":"put","id":"/products/q","properties":{}}]}""", null, 400, "ValidationError", "changes[1].properties.displayName" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Request_ThatIsWrong_IsRefusedWithoutATrace(string method, string path, string? body, string? ifMatch, int status, string code, string? target)
    {
        var reply = await Server.SendAsync(method, path, body, ifMatch);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.StartsWith("application/json", reply.Header("Content-Type"), StringComparison.Ordinal);
        Assert.NotEmpty((string)reply.Json["error"]!["message"]!);
        if (target is not null)
        {
            Assert.Contains(target, reply.Details.Select(detail => (string?)detail["target"]));
        }

        if (status == 405)
        {
            Assert.NotNull(reply.Header("Allow"));
        }

        Assert.Equal("P", (string?)(await Server.SendAsync("GET", "/products/p")).Json["properties"]!["displayName"]);
        Assert.Equal(1, (int)(await Server.SendAsync("GET", "/apis")).Json["count"]!);
        Assert.Equal(1, (int)(await Server.SendAsync("GET", "/products")).Json["count"]!);
    }

    [Fact]
    public async Task Body_ThatIsNotJson_IsBlamedByLineAndPosition()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", "{\n  \"properties\": {\n    \"displayName\": oops\n  }\n}");

        Assert.Contains("(line 3, position 20)", (string)reply.Details[0]["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_WithHalfASurrogate_IsBlamedByLineAndPosition()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", "{\n \"properties\": {\"displayName\": \"\\ud800\"}}");

        Assert.Contains("(line 2, position 32)", (string)reply.Details[0]["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_OfOneBody_AreAllListed()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":7,"state":"x","terms":1}}""");

        Assert.Equal("One or more fields contain incorrect values:", (string?)reply.Json["error"]!["message"]);
        Assert.Equal(["properties.displayName", "properties.terms", "properties.state"], reply.Details.Select(detail => (string?)detail["target"]));
    }
}

/// <summary>The same on real grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class BadInputOnGrainsTests(ManagementCluster cluster) : BadInputTests
{
    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
