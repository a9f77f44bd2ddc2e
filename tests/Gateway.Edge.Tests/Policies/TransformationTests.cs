using System.IO.Compression;
using System.Net;
using System.Text;
using Gateway.Edge.Requests;

namespace Gateway.Edge.Tests.Policies;

public sealed class TransformationTests
{
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>";

    [Theory]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"override\"><value>1 &amp; 2</value></set-query-parameter>", "?A=0&b=2", "?b=2&a=1%20%26%202")]
    [InlineData("<set-query-parameter name=\"a\"><value>1</value><value>2</value></set-query-parameter>", "", "?a=1&a=2")]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"skip\"><value>1</value></set-query-parameter>", "?A=0", "?A=0")]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"skip\"><value>1</value></set-query-parameter>", "?ab=0", "?ab=0&a=1")]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"append\"><value>1</value></set-query-parameter>", "?a=0", "?a=0&a=1")]
    [InlineData("<set-query-parameter name=\"a\" exists-action=\"delete\" />", "?a=0&b&%61=3", "?b")]
    [InlineData("<set-query-parameter name=\"$format\" exists-action=\"override\"><value>json</value></set-query-parameter>", "?$format=xml", "?$format=json")]
    [InlineData("<set-query-parameter name=\"@(\"q\" + 1)\" exists-action=\"@(\"override\")\"><value>@(context.Request.Method)</value></set-query-parameter>", "", "?q1=GET")]
    public async Task Set_query_parameter_changes_what_is_forwarded(string policy, string query, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: policy);

        Assert.StartsWith($"200 GET /x{expected} HTTP/1.1", await edge.AnswerAsync($"/a/x{query}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<set-method>POST</set-method>", "POST")]
    [InlineData("<set-method> put </set-method>", "PUT")]
    [InlineData("<set-method>@(context.Request.Method + \"S\")</set-method>", "GETS")]
    public async Task Set_method_changes_what_is_forwarded_and_not_what_is_logged(string policy, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: policy);

        Assert.StartsWith($"200 {expected} /x HTTP/1.1", await edge.AnswerAsync("/a/x"), StringComparison.Ordinal);
        Assert.Contains("\"GET\"", Assert.Single(await edge.Gateway.StopAndReadLogAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_method_to_head_answers_a_get_without_a_body()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: "<set-method>HEAD</set-method>");

        Assert.Equal("200 ", await edge.AnswerAsync("/a/length"));
    }

    [Theory]
    [InlineData("<find-and-replace from=\"back\" to=\"front\" />", "{\"from\":\"frontend\"}")]
    [InlineData("<find-and-replace from=\"b\" to=\"\" />", "{\"from\":\"ackend\"}")]
    [InlineData("<find-and-replace from=\"missing\" to=\"x\" />", "{\"from\":\"backend\"}")]
    [InlineData("<find-and-replace from=\"@(\"from\")\" to=\"@(context.Api.Id)\" />", "{\"a\":\"backend\"}")]
    public async Task Find_and_replace_changes_the_answer(string policy, string expected)
    {
        await using var edge = await PolicyExchange.StartAsync(outbound: policy);

        Assert.Equal($"200 {expected}", await edge.AnswerAsync("/a/json"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Find_and_replace_reads_compressed_bodies_and_sends_plain_ones(string encoding)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: "<find-and-replace from=\"é\" to=\"ü\" />");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = Packed("né", encoding));

        Assert.Equal("nü", await response.Content.ReadAsStringAsync());
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("3 of 3", response.Headers.GetValues("X-Got").Single());
    }

    [Fact]
    public async Task Find_and_replace_leaves_a_compressed_body_alone_that_does_not_hold_the_text()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: "<find-and-replace from=\"missing\" to=\"x\" />");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = Packed("né", "gzip"));

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
    }

    [Fact]
    public async Task Body_that_becomes_too_long_by_decompression_or_replacement_is_refused()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: "<find-and-replace from=\"a\" to=\"aa\" />", onError: Why, options: new EdgeOptions { ExpressionBodyLimit = 100_000 });
        foreach (var content in (HttpContent[])[Packed(new string('b', 1_000_000), "gzip"), new StringContent(new string('a', 60_000)), Packed("x", "zstd"), new StringContent("no gzip") { Headers = { ContentEncoding = { "gzip" } } }])
        {
            using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = content);

            Assert.Equal((HttpStatusCode.InternalServerError, "find-and-replace BodyNotReadable"), (response.StatusCode, response.Headers.GetValues("X-Why").Single()));
        }
    }

    [Theory]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"always\" consider-accept-header=\"false\" />", "text/plain", null, "<r a=\"1\"><b>2</b><b/>t</r>", """{"r":{"@a":"1","b":["2",null],"#text":"t"}}""")]
    [InlineData("<xml-to-json kind=\"javascript-friendly\" apply=\"always\" consider-accept-header=\"false\" />", "text/xml", null, "<?xml version=\"1.0\"?><r a=\"1\">t</r>", """{"r":{"a":"1","text":"t"}}""")]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"always\" consider-accept-header=\"false\" always-array-child-elements=\"true\" />", "text/xml", null, "<r><b>2</b></r>", """{"r":{"b":["2"]}}""")]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"content-type-xml\" consider-accept-header=\"false\" />", "text/plain", null, "<r/>", null)]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"content-type-xml\" consider-accept-header=\"false\" />", "application/soap+xml", null, "<r>1</r>", """{"r":"1"}""")]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"always\" />", "text/xml", "text/html, application/json;q=0.5", "<r>1</r>", """{"r":"1"}""")]
    [InlineData("<xml-to-json kind=\"direct\" apply=\"always\" />", "text/xml", "text/html", "<r>1</r>", null)]
    [InlineData("<xml-to-json kind=\"@(\"direct\")\" apply=\"@(\"always\")\" consider-accept-header=\"@(false)\" />", "text/xml", null, "<r>1</r>", """{"r":"1"}""")]
    [InlineData("<json-to-xml apply=\"always\" consider-accept-header=\"false\" />", "text/plain", null, """{"a":1,"b":[true,null]}""", "<Document><a>1</a><b>true</b><b /></Document>")]
    [InlineData("<json-to-xml apply=\"content-type-json\" consider-accept-header=\"false\" />", "text/plain", null, "{}", null)]
    [InlineData("<json-to-xml apply=\"always\" />", "application/json", "application/xml", """{"a":"2012-03-21T05:40:00Z"}""", "<Document><a>2012-03-21T05:40:00Z</a></Document>")]
    [InlineData("<json-to-xml apply=\"always\" />", "application/json", "application/json", "{}", null)]
    [InlineData("<json-to-xml apply=\"always\" consider-accept-header=\"false\" parse-date=\"false\" />", "application/json", null, """{"a":"2012-03-21 05:40"}""", "<Document><a>2012-03-21 05:40</a></Document>")]
    [InlineData("<json-to-xml apply=\"always\" consider-accept-header=\"false\" namespace-prefix=\"xmlns\" namespace-separator=\":\" attribute-block-name=\"#attrs\" />", "application/json", null, """{"s:e":{"xmlns:s":"urn:s","#attrs":{"id":"7"},"s:b":"x"}}""", "<Document><s:e xmlns:s=\"urn:s\" id=\"7\"><s:b>x</s:b></s:e></Document>")]
    [InlineData("<json-to-xml apply=\"always\" consider-accept-header=\"false\" />", "application/json", null, "[1,2]", "<Document><Item>1</Item><Item>2</Item></Document>")]
    public async Task Json_and_xml_become_each_other(string policy, string contentType, string? accept, string body, string? expected)
    {
        await using var edge = await PolicyExchange.StartAsync(outbound: policy);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request =>
        {
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }
        });

        Assert.Equal(expected ?? body, await response.Content.ReadAsStringAsync());
        Assert.Equal(expected is null ? contentType : policy.StartsWith("<xml", StringComparison.Ordinal) ? "application/json" : "application/xml", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("xml-to-json kind=\"direct\"", "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>")]
    [InlineData("xml-to-json kind=\"direct\"", "<a>")]
    [InlineData("xml-to-json kind=\"direct\"", "deep")]
    [InlineData("json-to-xml", "{")]
    [InlineData("json-to-xml", "deep")]
    public async Task Malformed_bodies_and_bombs_are_refused(string policy, string body)
    {
        var isXml = policy.StartsWith("xml", StringComparison.Ordinal);
        var text = body != "deep" ? body : isXml ? string.Concat(Enumerable.Repeat("<a>", 50_000)) + string.Concat(Enumerable.Repeat("</a>", 50_000)) : new string('[', 50_000) + new string(']', 50_000);
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<{policy} apply=\"always\" consider-accept-header=\"false\" />", onError: Why);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = new StringContent(text));

        Assert.Equal((HttpStatusCode.InternalServerError, $"{policy.Split(' ')[0]} BodyMalformed"), (response.StatusCode, response.Headers.GetValues("X-Why").Single()));
    }

    [Theory]
    [InlineData("", "{\"from\":\"backend\"}", "application/json", 200)]
    [InlineData("?cb=show_$1", "/**/show_$1({\"from\":\"backend\"});", "application/javascript", 200)]
    [InlineData("?cb=alert(1)", "{ \"statusCode\": 400, \"message\": \"Value of callback parameter is not a valid JavaScript identifier.\" }", "application/json", 400)]
    public async Task Jsonp_wraps_the_answer(string query, string body, string type, int status)
    {
        await using var edge = await PolicyExchange.StartAsync(outbound: "<jsonp callback-parameter-name=\"cb\" />");

        using var response = await edge.Gateway.GetAsync($"/a/json{query}");

        Assert.Equal((status, body, type), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Redirect_content_urls_leads_links_through_the_gateway_and_back()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: "<redirect-content-urls />");
        await using var outbound = await PolicyExchange.StartAsync(outbound: "<redirect-content-urls />");
        var (gateway, backend) = ($"{edge.Gateway.Url}a", outbound.Backend.Url);

        Assert.Equal($"200 see {edge.Backend.Url}/x", await edge.AnswerAsync("/a/mirror", request => request.Content = new StringContent($"see {gateway}/x"), HttpMethod.Post));
        Assert.Equal($"200 see {outbound.Gateway.Url}a/x", await outbound.AnswerAsync("/a/mirror", request => request.Content = new StringContent($"see {backend}/x"), HttpMethod.Post));
    }

    internal static ByteArrayContent Packed(string text, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return new ByteArrayContent(packed.ToArray()) { Headers = { ContentEncoding = { encoding }, ContentType = new("text/plain") { CharSet = "utf-8" } } };
    }
}
