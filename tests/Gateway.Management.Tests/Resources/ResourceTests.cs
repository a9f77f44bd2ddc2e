using System.Text.Json.Nodes;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Resources;

public class ResourceTests : ManagementFixture
{
    private const string Product = """{"properties":{"displayName":"P"}}""";

    [Fact]
    public async Task Service_AnswersGet()
    {
        var reply = await Server.SendAsync("GET", "");

        Assert.Equal(200, reply.Status);
        Assert.Equal(ManagementServer.Service, (string?)reply.Json["id"]);
        Assert.Equal("gateway", (string?)reply.Json["name"]);
        Assert.Equal("Microsoft.ApiManagement/service", (string?)reply.Json["type"]);
        Assert.NotNull((string?)reply.Json["location"]);
        Assert.Equal("Succeeded", (string?)reply.Json["properties"]!["provisioningState"]);
        Assert.Equal("http://127.0.0.1:8080", (string?)reply.Json["properties"]!["gatewayUrl"]);
    }

    [Fact]
    public async Task Put_OfSomethingNew_Answers201WithTheEnvelope()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", Product);

        Assert.Equal(201, reply.Status);
        Assert.Equal(["id", "type", "name", "properties"], reply.Json.Select(member => member.Key));
        Assert.Equal(ManagementServer.Service + "/products/p", (string?)reply.Json["id"]);
        Assert.Equal("Microsoft.ApiManagement/service/products", (string?)reply.Json["type"]);
        Assert.Equal("p", (string?)reply.Json["name"]);
        Assert.Equal("P", (string?)reply.Json["properties"]!["displayName"]);
        Assert.Matches("^\"[0-9a-f]{16}\"$", reply.ETag);
    }

    [Fact]
    public async Task Put_OfSomethingThere_Answers200_AndTheETagFollowsTheContent()
    {
        var first = await Server.SendAsync("PUT", "/products/p", Product);

        var same = await Server.SendAsync("PUT", "/products/p", Product);
        var changed = await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"Q"}}""", first.ETag);

        Assert.Equal((200, first.ETag), (same.Status, same.ETag));
        Assert.Equal(200, changed.Status);
        Assert.NotEqual(first.ETag, changed.ETag);
    }

    [Fact]
    public async Task Put_OfWhatAGetAnswered_ChangesNothing()
    {
        await Server.SendAsync("PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"/apis"}}""");
        var read = await Server.SendAsync("GET", "/subscriptions/s");

        var written = await Server.SendAsync("PUT", "/subscriptions/s", read.Text);

        Assert.Equal((200, read.ETag, read.Text), (written.Status, written.ETag, written.Text));
        Assert.Null(written.Header("x-gateway-ignored"));
    }

    [Fact]
    public async Task Get_AndHead_ShowWhatIsThere()
    {
        var put = await Server.SendAsync("PUT", "/products/p", Product);

        var get = await Server.SendAsync("GET", "/products/p");
        var head = await Server.SendAsync("HEAD", "/products/p");
        var missing = await Server.SendAsync("HEAD", "/products/q");

        Assert.Equal((200, put.ETag, put.Text), (get.Status, get.ETag, get.Text));
        Assert.Equal((200, put.ETag, ""), (head.Status, head.ETag, head.Text));
        Assert.Equal((404, ""), (missing.Status, missing.Text));
    }

    [Theory]
    [InlineData("quoted")]
    [InlineData("bare")]
    [InlineData("weak")]
    [InlineData("*")]
    public async Task Patch_MergesWhenTheETagIsRight(string form)
    {
        var put = await Server.SendAsync("PUT", "/products/p", """{"properties":{"displayName":"P","description":"D","terms":"T"}}""");
        var ifMatch = form switch { "quoted" => put.ETag, "bare" => put.ETag!.Trim('"'), "weak" => "W/" + put.ETag, _ => form };

        var reply = await Server.SendAsync("PATCH", "/products/p", """{"properties":{"description":"E","terms":null}}""", ifMatch);

        Assert.Equal(200, reply.Status);
        Assert.Equal(("P", "E", false), ((string?)reply.Json["properties"]!["displayName"], (string?)reply.Json["properties"]!["description"], reply.Json["properties"]!.AsObject().ContainsKey("terms")));
        Assert.NotEqual(put.ETag, reply.ETag);
    }

    [Fact]
    public async Task Delete_Answers200Once_Then204()
    {
        var put = await Server.SendAsync("PUT", "/products/p", Product);

        Assert.Equal(200, (await Server.SendAsync("DELETE", "/products/p", null, put.ETag)).Status);
        Assert.Equal(204, (await Server.SendAsync("DELETE", "/products/p", null, put.ETag)).Status);
        Assert.Equal(204, (await Server.SendAsync("DELETE", "/products/p", null, "*")).Status);
        Assert.Equal(404, (await Server.SendAsync("GET", "/products/p")).Status);
    }

    [Fact]
    public async Task Delete_OfWhatOthersNeed_NeedsToBeToldSo()
    {
        await Server.SendAsync("PUT", "/products/p", Product);
        await Server.SendAsync("PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"/products/p"}}""");

        var refused = await Server.SendAsync("DELETE", "/products/p", null, "*");
        var deleted = await Server.SendAsync("DELETE", "/products/p?deleteSubscriptions=true", null, "*");

        Assert.Equal((409, "Conflict"), (refused.Status, refused.Code));
        Assert.Equal(200, deleted.Status);
        Assert.Equal(404, (await Server.SendAsync("GET", "/subscriptions/s")).Status);
    }

    [Fact]
    public async Task Properties_ThatNothingKnows_AreNamedInAHeader()
    {
        var reply = await Server.SendAsync("PUT", "/products/p", """{"tags":{},"properties":{"displayName":"P","colour":"red","gr\u00f6\u00dfe, \r\nx: y":1}}""");

        Assert.Equal(201, reply.Status);
        Assert.Equal("tags, colour, gr%C3%B6%C3%9Fe%2C%20%0D%0Ax:%20y", reply.Header("x-gateway-ignored"));
        Assert.False(reply.Json["properties"]!.AsObject().ContainsKey("colour"));
    }

    [Fact]
    public async Task Properties_ThatNothingKnows_MakeABoundedHeader()
    {
        var properties = new JsonObject { ["displayName"] = "P" };
        for (var i = 0; i < 5000; i++)
        {
            properties[$"{i}{new string('x', 500)}"] = i;
        }

        var reply = await Server.SendAsync("PUT", "/products/p", new JsonObject { ["properties"] = properties }.ToJsonString());

        Assert.Equal(201, reply.Status);
        Assert.InRange(reply.Header("x-gateway-ignored")!.Length, 1000, 2100);
        Assert.EndsWith("...", reply.Header("x-gateway-ignored"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_ByFullArmId_IsTaken()
    {
        await Server.SendAsync("PUT", "/products/p", Product);

        var reply = await Server.SendAsync("PUT", "/subscriptions/s", $$$"""{"properties":{"displayName":"S","scope":"{{{ManagementServer.Service}}}/products/p"}}""");

        Assert.Equal((201, "/products/p"), (reply.Status, (string?)reply.Json["properties"]!["scope"]));
    }

    [Fact]
    public async Task Secrets_AreOnlyToldByTheirAction()
    {
        var put = await Server.SendAsync("PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"/apis","primaryKey":"canary1","secondaryKey":"canary2"}}""");

        var get = await Server.SendAsync("GET", "/subscriptions/s");
        var list = await Server.SendAsync("GET", "/subscriptions");
        var secrets = await Server.SendAsync("POST", "/subscriptions/s/listSecrets");

        Assert.Equal(201, put.Status);
        Assert.DoesNotContain("canary", put.Text + get.Text + list.Text, StringComparison.Ordinal);
        Assert.Equal((200, put.ETag), (secrets.Status, secrets.ETag));
        Assert.Equal("""{"primaryKey":"canary1","secondaryKey":"canary2"}""", secrets.Text);
    }

    [Fact]
    public async Task Action_ThatChanges_WritesAndAnswers204()
    {
        await Server.SendAsync("PUT", "/subscriptions/s", """{"properties":{"displayName":"S","scope":"/apis","primaryKey":"one","secondaryKey":"two"}}""");

        var reply = await Server.SendAsync("POST", "/subscriptions/s/REGENERATEPRIMARYKEY");

        Assert.Equal((204, ""), (reply.Status, reply.Text));
        var secrets = (await Server.SendAsync("POST", "/subscriptions/s/listSecrets")).Json;
        Assert.NotEqual("one", (string?)secrets["primaryKey"]);
        Assert.Equal("two", (string?)secrets["secondaryKey"]);
    }

    [Fact]
    public async Task SecretNamedValue_TellsItsValueOnlyToListValue()
    {
        await Server.SendAsync("PUT", "/namedValues/key", """{"properties":{"displayName":"key","value":"canary","secret":true}}""");

        Assert.DoesNotContain("canary", (await Server.SendAsync("GET", "/namedValues/key")).Text, StringComparison.Ordinal);
        Assert.Equal("canary", (string?)(await Server.SendAsync("POST", "/namedValues/key/listValue")).Json["value"]);
    }

    [Theory]
    [InlineData("", null, "xml")]
    [InlineData("?format=rawxml", null, "rawxml")]
    [InlineData("?format=xml", null, "xml")]
    [InlineData("?format=json", "ValidationError", null)]
    public async Task Policy_IsShownInTheFormAskedFor(string query, string? code, string? format)
    {
        const string Document = "<policies><inbound><set-header name=\"a\" exists-action=\"override\"><value>a&amp;b</value></set-header><!-- ä --></inbound></policies>";
        var put = await Server.SendAsync("PUT", "/policies/policy", new JsonObject { ["properties"] = new JsonObject { ["value"] = Document } }.ToJsonString());
        Assert.True(put.Status == 201, put.ToString());

        var reply = await Server.SendAsync("GET", "/policies/policy" + query);

        Assert.Equal(code is null ? 200 : 400, reply.Status);
        if (code is null)
        {
            Assert.Equal((Document, format), ((string?)reply.Json["properties"]!["value"], (string?)reply.Json["properties"]!["format"]));
        }
        else
        {
            Assert.Equal(code, reply.Code);
        }
    }

    [Fact]
    public async Task Policies_ListTheOne()
    {
        Assert.Equal(0, (int)(await Server.SendAsync("GET", "/policies")).Json["count"]!);
        await Server.SendAsync("PUT", "/policies/policy", """{"properties":{"value":"<policies/>"}}""");

        var list = (await Server.SendAsync("GET", "/policies")).Json;

        Assert.Equal("policy", (string?)list["value"]![0]!["name"]);
    }
}

/// <summary>The same on real grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class ResourceOnGrainsTests(ManagementCluster cluster) : ResourceTests
{
    [Fact]
    public async Task Policy_ThatDoesNotCompile_IsBlamedByLineAndColumn()
    {
        var reply = await Server.SendAsync("PUT", "/policies/policy", new JsonObject { ["properties"] = new JsonObject { ["value"] = "<policies>\n  <inbound>\n    <fly-away />\n  </inbound>\n</policies>" } }.ToJsonString());

        Assert.Equal((400, "ValidationError"), (reply.Status, reply.Code));
        Assert.Contains("'fly-away' on line 3, column ", (string)reply.Details[0]["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rawxml", "<value>@(1 < 2 ? \"&lt;\" : \"b & c\")</value>", "<value>@(1 &lt; 2 ? \"&amp;lt;\" : \"b &amp; c\")</value>")]
    [InlineData("rawxml", "<value>@{\n  return \"a\" + 1; // & so on\n}</value><!-- a -- b -->", "<value>@{\n  return \"a\" + 1; // &amp; so on\n}</value><!-- a -&#045; b -->")]
    public async Task Policy_ComesBackInBothSpellings_WhateverItWasSavedIn(string format, string raw, string xml)
    {
        string Document(string value) => $"<policies>\n<inbound><set-header name=\"a\" exists-action=\"override\">{value}</set-header></inbound></policies>";
        foreach (var (saved, value) in new[] { (format, raw), ("xml", xml) })
        {
            var body = new JsonObject { ["properties"] = new JsonObject { ["format"] = saved, ["value"] = Document(value) } };
            var put = await Server.SendAsync("PUT", "/policies/policy", body.ToJsonString());
            Assert.True(put.Status is 200 or 201, put.ToString());

            foreach (var (query, asked, expected) in new[] { ("", saved, value), ("?format=xml", "xml", xml), ("?format=RawXml", "rawxml", raw) })
            {
                var shown = (await Server.SendAsync("GET", "/policies/policy" + query)).Json["properties"]!;
                Assert.Equal((asked, Document(expected)), ((string?)shown["format"], (string?)shown["value"]));
            }
        }
    }

    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
