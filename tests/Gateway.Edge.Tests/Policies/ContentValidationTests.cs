using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class ContentValidationTests
{
    private const string Masked = "502 { \"statusCode\": 502, \"message\": \"The request could not be processed due to an internal error. Contact the API owner.\" }";
    private const string Variable = "<set-header name=\"X-Errors\" exists-action=\"override\"><value>@(context.Variables.ContainsKey(\"e\") ? ((JArray)context.Variables[\"e\"]).ToString(Newtonsoft.Json.Formatting.None) : \"none\")</value></set-header>";
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Reason + \": \" + context.LastError.Message)</value></set-header>";
    private const string Wrong = "Body of the message does not keep to its schema: ";
    private const string NoJson = "Body of the message is not well-formed JSON, or names a property twice, or is nested too deep.";
    private const string NoXml = "Body of the message is not well-formed XML, or has a document type, or is nested too deep.";

    private static readonly SchemaEntry[] s_schemas =
    [
        Json("order", """{"type":"object","required":["id"],"additionalProperties":false,"properties":{"id":{"type":"integer","minimum":1},"code":{"type":"string","pattern":"^[A-Z]{3}$"},"tags":{"type":"array","items":{"type":"string"}}}}"""),
        Json("api", """{"openapi":"3.0.1","components":{"schemas":{"address":{"type":"object","required":["city"],"properties":{"city":{"type":"string"},"in":{"$ref":"#/components/schemas/address"}}}}}}"""),
        Json("part", """{"type":"object","required":["never"],"definitions":{"n":{"type":"integer"}}}"""),
        Json("endless", """{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}"""),
        Json("doubling", """{"properties":{"a":{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}},"required":["b"]}"""),
        Json("squared", """{"type":"array","items":{"allOf":[{"type":"integer"}]}}"""),
        Json("slow", """{"type":"string","pattern":"^(?=x*)(a+)+$"}"""),
        Json("linear", """{"type":"string","pattern":"^(a+)+$"}"""),
        Json("elsewhere", """{"$ref":"http://127.0.0.1:9/schema.json"}"""),
        Json("file", """{"$ref":"other.json#/a"}"""),
        Json("nowhere", """{"$ref":"#/definitions/none"}"""),
        Json("names", """{"patternProperties":{"^a":{"type":"string"}}}"""),
        Json("words", """{"properties":{"pattern":{"type":"string"},"patternProperties":{"type":"integer"}},"enum":[{"pattern":"(","patternProperties":1}]}"""),
        Xml("note", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n" elementFormDefault="qualified"><xs:element name="note"><xs:complexType><xs:sequence><xs:element name="to"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[A-Z]\w*" /></xs:restriction></xs:simpleType></xs:element><xs:element name="n" type="xs:int" minOccurs="0" /></xs:sequence></xs:complexType></xs:element></xs:schema>"""),
        Xml("include", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="other.xsd" /></xs:schema>"""),
        Xml("backtracking", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="t"><xs:restriction base="xs:string"><xs:pattern value="(a+)+b" /></xs:restriction></xs:simpleType></xs:schema>"""),
        Xml("entities", """<!DOCTYPE a [<!ENTITY b "c">]><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" />"""),
    ];

    private static readonly OperationEntry[] s_operations =
    [
        TestPublication.Operation("POST", "/mirror") with { Definition = new() { ContentTypes = ["application/json"] } },
        TestPublication.Operation("GET", "/json") with { Definition = new() { Responses = [new() { StatusCode = 200, ContentTypes = ["text/html"] }] } },
        TestPublication.Operation("HEAD", "/json"),
    ];

    // One type of the document cannot be used: that is no matter of the others.
    private static readonly SchemaEntry[] s_types =
    [
        Json("types", """{"components":{"schemas":{"address":{"type":"object","required":["city"],"properties":{"city":{"type":"string"},"zip":{"type":"string","nullable":true},"in":{"$ref":"#/components/schemas/address"},"near":{"$ref":"#/components/schemas/place"}}},"place":{"allOf":[{"type":"object","properties":{"at":{"$ref":"#/components/schemas/address"}}}]},"a/b":{"type":"array","items":{"$ref":"#/components/schemas/n"}},"n":{"type":"integer"},"broken":{"patternProperties":{}}}}}""") with { Types = "#/components/schemas/" },
        s_schemas.Single(schema => schema.Id == "note"),
    ];

    private static readonly BodyEntry[] s_bodies =
    [
        new("Application/JSON", "types", "address"),
        new("application/list+json", "types", "a/b"),
        new("application/unknown+json", "gone", "address"),
        new("application/xml", "types", "address"),
        new("text/xml", "note", null),
    ];

    [Theory]
    [InlineData("order", "{\"id\":1,\"code\":\"ABC\",\"tags\":[\"a\"]}", null)]
    [InlineData("order", "{\"id\":0}", Wrong + "NumberTooSmall at #/id.")]
    [InlineData("order", "{\"id\":\"1\"}", Wrong + "IntegerExpected at #/id.")]
    [InlineData("order", "{}", Wrong + "PropertyRequired at #/id.")]
    [InlineData("order", "{\"ID\":1}", Wrong + "PropertyRequired at #/id.")]
    [InlineData("order", "{\"ID\":1}", null, "case-insensitive-property-names=\"true\"")]
    [InlineData("order", "{\"id\":1,\"code\":\"abc\"}", Wrong + "PatternMismatch at #/code.")]
    [InlineData("order", "{\"id\":1,\"tags\":[1]}", Wrong + "ArrayItemNotValid at #/tags[0].")]
    [InlineData("order", "{\"id\":1,\"more\":2}", Wrong + "NoAdditionalPropertiesAllowed at #/more.")]
    [InlineData("order", "{\"id\":1,\"more\":2}", null, "allow-additional-properties=\"true\"")]
    [InlineData("api", "{\"city\":\"a\",\"in\":{\"city\":1}}", Wrong + "StringExpected at #/in.city.", "schema-ref=\"#/components/schemas/address\"")]
    [InlineData("api", "{\"city\":\"a\",\"more\":1}", null, "schema-ref=\"#/components/schemas/address\"")]
    [InlineData("api", "{\"city\":\"a\",\"more\":1}", Wrong + "NoAdditionalPropertiesAllowed at #/more.", "schema-ref=\"#/components/schemas/address\" allow-additional-properties=\"false\"")]
    [InlineData("part", "7", null, "schema-ref=\"#/definitions/n\"")]
    [InlineData("words", "{\"pattern\":\"(\",\"patternProperties\":1}", null)]
    [InlineData("order", "{\"id\":1}{\"id\":1}", NoJson)]
    [InlineData("order", "{\"id\":1,\"id\":2}", NoJson)]
    [InlineData("order", "{'id':1}", NoJson)]
    [InlineData("order", "{\"id\":1/* */}", NoJson)]
    [InlineData("order", "{\"id\":NaN}", NoJson)]
    public async Task Json_is_judged_by_its_schema(string schema, string body, string? wrong, string attributes = "")
    {
        await using var edge = await StartAsync($"<content type=\"application/json\" validate-as=\"json\" schema-id=\"{schema}\" action=\"prevent\" {attributes} />");

        Assert.Equal(wrong is null ? $"200 {body}" : Refused(wrong), await PostAsync(edge, body));
    }

    [Theory]
    [InlineData("xml", "<note xmlns=\"urn:n\"><to>Ann</to><n>1</n></note>", null)]
    [InlineData("xml", "<note xmlns=\"urn:n\"><to>Ann</to><n>x</n></note>", Wrong + "line 1, position 39.")]
    [InlineData("xml", "<note xmlns=\"urn:n\"><to>ann</to></note>", Wrong + "line 1, position 30.")]
    [InlineData("xml", "<other xmlns=\"urn:n\" />", "Body of the message has an outermost element that its schema does not define.")]
    [InlineData("xml", "<note xmlns=\"urn:n\"><to>Ann</to></note><more/>", NoXml)]
    [InlineData("xml", "<!DOCTYPE note [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><note xmlns=\"urn:n\"><to>&b;</to></note>", NoXml)]
    [InlineData("xml", "<note xmlns=\"urn:n\" xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" x:schemaLocation=\"urn:n http://127.0.0.1:9/n.xsd\"><to>Ann</to></note>", null)]
    [InlineData("soap", "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header/><s:Body><note xmlns=\"urn:n\"><to>Ann</to></note></s:Body></s:Envelope>", null)]
    [InlineData("soap", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><note xmlns=\"urn:n\"/></s:Body></s:Envelope>", Wrong + "line 1, position 72.")]
    [InlineData("soap", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body/><s:Body><x/></s:Body></s:Envelope>", "Body of the message is a SOAP envelope with more than one body.")]
    [InlineData("soap", "<note xmlns=\"urn:n\"><to>Ann</to></note>", "Body of the message is no SOAP envelope with a body.")]
    [InlineData("soap", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>", "Body of the message is no SOAP envelope with a body.")]
    public async Task Xml_is_judged_by_its_schema(string form, string body, string? wrong)
    {
        await using var edge = await StartAsync($"<content type=\"text/xml\" validate-as=\"{form}\" schema-id=\"note\" action=\"prevent\" />");

        Assert.Equal(wrong is null ? $"200 {body}" : Refused(wrong), await PostAsync(edge, body, "text/xml"));
    }

    [Theory]
    [InlineData("application/json", "", 200)]
    [InlineData("text/plain", "Unspecified content type text/plain is not allowed.", 400)]
    [InlineData(null, "Unspecified content type  is not allowed.", 400)]
    [InlineData("application/x-order", "", 200, "<content-type-map><type from=\"application/X-Order\" to=\"application/json\" /></content-type-map>")]
    [InlineData("text/any", "", 200, "<content-type-map any-content-type-value=\"application/json\" />")]
    [InlineData("text/any", "Unspecified content type text/b is not allowed.", 400, "<content-type-map any-content-type-value=\"application/json\"><type from=\"text/any\" to=\"text/b\" /></content-type-map>")]
    [InlineData(null, "", 200, "<content-type-map missing-content-type-value=\"application/json\" />")]
    [InlineData("no type", "Unspecified content type no type is not allowed.", 400, "<content-type-map missing-content-type-value=\"application/json\" />")]
    [InlineData("text/when", "", 200, "<content-type-map><type when=\"@(context.Request.Headers.GetValueOrDefault(&quot;Content-Type&quot;, &quot;&quot;).EndsWith(&quot;when&quot;))\" to=\"application/json\" /></content-type-map>")]
    [InlineData("text/plain", NoJson, 400, "<content type=\"text/plain\" validate-as=\"json\" action=\"prevent\" />")]
    [InlineData("application/json", NoJson, 400, "<content validate-as=\"json\" action=\"prevent\" />")]
    [InlineData("text/plain", "Unspecified content type text/plain is not allowed.", 400, "<content validate-as=\"json\" action=\"prevent\" />")]
    [InlineData("application/json", "", 200, "<content validate-as=\"json\" action=\"@(context.Request.Method == &quot;POST&quot; ? &quot;ignore&quot; : &quot;prevent&quot;)\" />")]
    [InlineData("text/xml", NoXml, 400, "<content type=\"text/xml\" validate-as=\"xml\" action=\"prevent\" />")]
    public async Task Content_type_says_what_a_body_is_judged_as(string? type, string expected, int status, string children = "")
    {
        await using var edge = await StartAsync(children);

        Assert.Equal(status == 200 ? "200 {no json" : Refused(expected), await PostAsync(edge, "{no json", type));
    }

    [Theory]
    [InlineData("prevent", false, "400 { \"statusCode\": 400, \"message\": \"Request's body is 11 bytes long and it exceeds the limit of 10 bytes.\" }")]
    [InlineData("prevent", true, "400 { \"statusCode\": 400, \"message\": \"Request's body is 11 bytes long and it exceeds the limit of 10 bytes.\" }")]
    [InlineData("detect", false, "200 [12345,6789")]
    [InlineData("ignore", true, "200 [12345,6789")]
    public async Task Body_that_is_too_long_is_not_looked_at(string action, bool isChunked, string expected)
    {
        await using var edge = await StartAsync("<content type=\"application/json\" validate-as=\"json\" action=\"prevent\" />", "10", action);

        Assert.Equal(expected, await PostAsync(edge, "[12345,6789", isChunked: isChunked));
    }

    [Fact]
    public async Task Body_that_is_longer_than_memory_may_hold_is_refused()
    {
        await using var edge = await StartAsync("", options: new() { ExpressionBodyLimit = 1000 });

        Assert.Equal(Refused("Request's body is more than 1000 bytes long and it exceeds the limit of 100000 bytes."), await PostAsync(edge, new string('1', 2000), isChunked: true));
    }

    [Theory]
    [InlineData(200_000, "Request's body is 200000 bytes long and it exceeds the limit of 100000 bytes.")]
    [InlineData(9_000_000, "Request's body is more than 8388608 bytes long and it exceeds the limit of 100000 bytes.")]
    public async Task Size_is_that_without_the_content_encoding(int length, string expected)
    {
        await using var edge = await StartAsync("");

        Assert.Equal(Refused(expected), await edge.AnswerAsync("/a/mirror", request => request.Content = Packed(new string('1', length)), HttpMethod.Post));
    }

    [Theory]
    [InlineData("gzip", "{\"id\":0}", Wrong + "NumberTooSmall at #/id.")]
    [InlineData("br", "{\"id\":1}", "Body of the message does not keep to its content encoding, or has one that is not known.")]
    [InlineData("compress", "{\"id\":1}", "Body of the message does not keep to its content encoding, or has one that is not known.")]
    public async Task Body_is_judged_without_its_content_encoding(string encoding, string body, string expected)
    {
        await using var edge = await StartAsync("<content type=\"application/json\" validate-as=\"json\" schema-id=\"order\" action=\"prevent\" />");

        Assert.Equal(Refused(expected), await edge.AnswerAsync("/a/mirror", request => request.Content = Packed(body, encoding), HttpMethod.Post));
    }

    [Theory]
    [InlineData("detect", "200 {\"id\":0}", """[{"Name":"Body","Type":"RequestBody","ValidationRule":"IncorrectMessage","Details":"Body of the message does not keep to its schema: NumberTooSmall at #/id.","Action":"Detect"}]""")]
    [InlineData("ignore", "200 {\"id\":0}", "none")]
    public async Task Detected_faults_stand_in_the_variable(string action, string expected, string errors)
    {
        await using var edge = await StartAsync($"<content type=\"application/json\" validate-as=\"json\" schema-id=\"order\" action=\"{action}\" />");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = Body("{\"id\":0}", "application/json"));

        Assert.Equal((expected, errors), ($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", response.Headers.GetValues("X-Errors").Single()));
    }

    [Theory]
    [InlineData("prevent", Masked, """[{"Name":"Body","Type":"ResponseBody","ValidationRule":"Unspecified","Details":"Unspecified content type application/json is not allowed.","Action":"Prevent"}]""")]
    [InlineData("detect", "200 {\"from\":\"backend\"}", """[{"Name":"Body","Type":"ResponseBody","ValidationRule":"Unspecified","Details":"Unspecified content type application/json is not allowed.","Action":"Detect"}]""")]
    [InlineData("prevent", Masked, """[{"Name":"Body","Type":"ResponseBody","ValidationRule":"IncorrectMessage","Details":"Body of the message does not keep to its schema: PropertyRequired at #/id.","Action":"Prevent"},{"Name":"Body","Type":"ResponseBody","ValidationRule":"IncorrectMessage","Details":"Body of the message does not keep to its schema: NoAdditionalPropertiesAllowed at #/from.","Action":"Prevent"}]""", "order")]
    [InlineData("prevent", Masked, """[{"Name":"Body","Type":"ResponseBody","ValidationRule":"SizeLimit","Details":"Response's body is 18 bytes long and it exceeds the limit of 5 bytes.","Action":"Prevent"}]""", null, "5")]
    public async Task Response_is_judged_and_the_client_is_not_told(string action, string expected, string errors, string? schema = null, string size = "1000")
    {
        var content = schema is null ? "" : $"<content type=\"application/json\" validate-as=\"json\" schema-id=\"{schema}\" action=\"{action}\" />";
        await using var edge = await PolicyExchange.StartAsync(outbound: Policy(content, size, action, action) + Variable, onError: Variable, operations: s_operations, schemas: s_schemas);

        using var response = await edge.Gateway.GetAsync("/a/json");

        Assert.Equal((expected, errors), ($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", response.Headers.GetValues("X-Errors").Single()));
    }

    [Fact]
    public async Task Message_without_a_body_passes()
    {
        var policy = Policy("", "1", "prevent", "prevent");
        await using var edge = await PolicyExchange.StartAsync(inbound: policy, outbound: policy, operations: s_operations);

        Assert.Equal("200 ", await edge.AnswerAsync("/a/json", method: HttpMethod.Head));
        Assert.Equal("200 ", await edge.AnswerAsync("/a/mirror", method: HttpMethod.Post));
    }

    [Theory]
    [InlineData("endless", "json", "{}", "Body of the message takes too long to check against its schema.")]
    [InlineData("doubling", "json", "nested", "Body of the message takes too long to check against its schema.")]
    [InlineData("slow", "json", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "Body of the message takes too long to check against the patterns of its schema.")]
    [InlineData("linear", "json", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", Wrong + "PatternMismatch at #.")]
    [InlineData("order", "json", "deep", NoJson)]
    [InlineData("note", "xml", "deep", NoXml)]
    [InlineData("order", "json", "digits", NoJson)]
    [InlineData("order", "json", "{\"id\":123456789012345678901234567890123456789012345}", "Body of the message has a number that is too long to check.")]
    [InlineData("squared", "json", "items", "Body of the message takes too long to check against its schema.")]
    public async Task Hostile_body_is_refused_soon(string schema, string form, string body, string expected)
    {
        await using var edge = await StartAsync($"<content type=\"text/x\" validate-as=\"{form}\" schema-id=\"{schema}\" action=\"prevent\" />", "4194304");
        body = body switch
        {
            "nested" => string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
            "deep" when form == "json" => new string('[', 500_000),
            "deep" => string.Concat(Enumerable.Repeat("<note xmlns=\"urn:n\">", 100_000)),
            "items" => "[" + string.Join(',', Enumerable.Repeat("1", 500_000)) + "]",
            "digits" => "{\"id\":" + new string('9', 1_000_000) + "}",
            _ => body,
        };

        Assert.Equal(Refused(expected), await PostAsync(edge, body, "text/x").WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("gone", "json", "There is no schema 'gone'.")]
    [InlineData("note", "json", "The schema 'note' cannot be used. It is of type xml, and bodies are to be judged by one of type json.")]
    [InlineData("order", "soap", "The schema 'order' cannot be used. It is of type json, and bodies are to be judged by one of type xml.")]
    [InlineData("elsewhere", "json", "The schema 'elsewhere' cannot be used. It refers to another document.")]
    [InlineData("file", "json", "The schema 'file' cannot be used. It refers to another document.")]
    [InlineData("nowhere", "json", "The schema 'nowhere' cannot be used. A reference in it leads nowhere.")]
    [InlineData("names", "json", "The schema 'names' cannot be used. Schemas with 'patternProperties' are not supported by this version.")]
    [InlineData("include", "xml", "The schema 'include' cannot be used. It refers to another document.")]
    [InlineData("backtracking", "xml", "The schema 'backtracking' cannot be used. One of its patterns could take too long: a pattern may have one unbounded quantifier, and few choices besides.")]
    public async Task Schema_that_cannot_be_used_fails_the_request(string schema, string form, string expected)
    {
        await using var edge = await StartAsync($"<content type=\"text/x\" validate-as=\"{form}\" schema-id=\"{schema}\" action=\"prevent\" />");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = Body("{}", "text/x"));

        Assert.Equal((500, $"SchemaNotUsable: {expected}"), ((int)response.StatusCode, response.Headers.GetValues("X-Why").Single()));
    }

    [Theory]
    [InlineData("application/json", "{\"city\":\"a\",\"zip\":null}", null)]
    [InlineData("application/json; charset=utf-8", "{\"city\":1}", Wrong + "StringExpected at #/city.")]
    [InlineData("application/json", "{\"city\":\"a\",\"in\":{}}", Wrong + "PropertyRequired at #/in.city.")]
    [InlineData("application/json", "{\"city\":\"a\",\"near\":{\"at\":{\"city\":1}}}", Wrong + "NotAllOf at #/near.")]
    [InlineData("application/list+json", "[1]", null)]
    [InlineData("application/list+json", "[\"1\"]", Wrong + "ArrayItemNotValid at #/[0].")]
    [InlineData("text/xml", "<note xmlns=\"urn:n\"><to>Ann</to></note>", null)]
    [InlineData("text/xml", "<note xmlns=\"urn:n\"/>", Wrong + "line 1, position 2.")]
    [InlineData("application/xml", "<address/>", null)]
    [InlineData("application/unknown+json", "{\"city\":1}", null)]
    public async Task Body_is_judged_by_the_type_that_the_definition_gives_it(string type, string body, string? wrong)
    {
        var media = type.Split(';')[0];
        await using var edge = await PolicyExchange.StartAsync(
            inbound: Policy($"<content type=\"{media}\" validate-as=\"{(media.EndsWith("xml", StringComparison.Ordinal) ? "xml" : "json")}\" action=\"prevent\" />", "1000", "prevent", "prevent"),
            operations: [TestPublication.Operation("POST", "/mirror") with { Definition = new() { Bodies = s_bodies } }],
            apiSchemas: s_types);

        Assert.Equal(wrong is null ? $"200 {body}" : Refused(wrong), await PostAsync(edge, body, type));
    }

    [Fact]
    public async Task Response_is_judged_by_the_type_of_its_status()
    {
        await using var edge = await PolicyExchange.StartAsync(
            outbound: Policy("<content type=\"application/json\" validate-as=\"json\" action=\"detect\" />", "1000", "detect", "detect") + Variable,
            operations: [TestPublication.Operation("GET", "/json") with { Definition = new() { Responses = [new() { StatusCode = 200, Bodies = s_bodies }] } }],
            apiSchemas: s_types);

        using var response = await edge.Gateway.GetAsync("/a/json");

        Assert.Contains("PropertyRequired at #/city.", response.Headers.GetValues("X-Errors").Single());
    }

    [Fact]
    public async Task Type_that_cannot_be_used_fails_the_request()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: Policy("<content validate-as=\"json\" action=\"prevent\" />", "1000", "prevent", "prevent"), onError: Why,
            operations: [TestPublication.Operation("POST", "/mirror") with { Definition = new() { ContentTypes = ["application/json"], Bodies = [new("application/json", "types", "gone")] } }],
            apiSchemas: s_types);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = Body("{}", "application/json"));

        Assert.Equal((500, "SchemaNotUsable: The schema 'types' cannot be used. It has no #/components/schemas/gone."), ((int)response.StatusCode, response.Headers.GetValues("X-Why").Single()));
    }

    private static SchemaEntry Json(string id, string text) => new() { Id = id, Type = "json", Text = text };

    private static SchemaEntry Xml(string id, string text) => new() { Id = id, Type = "xml", Text = text };

    private static string Refused(string message) => $"400 {{ \"statusCode\": 400, \"message\": \"{message}\" }}";

    private static string Policy(string children, string size, string exceeded, string unspecified) =>
        $"<validate-content unspecified-content-type-action=\"{unspecified}\" max-size=\"{size}\" size-exceeded-action=\"{exceeded}\" errors-variable-name=\"e\">{children}</validate-content>";

    private static Task<PolicyExchange> StartAsync(string children, string size = "100000", string exceeded = "prevent", EdgeOptions? options = null) =>
        PolicyExchange.StartAsync(inbound: Policy(children, size, exceeded, "prevent"), outbound: Variable, onError: Why, options: options, operations: s_operations, schemas: s_schemas);

    private static StringContent Body(string text, string? type)
    {
        var content = new StringContent(text);
        content.Headers.Remove("Content-Type");
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private static ByteArrayContent Packed(string text, string encoding = "gzip")
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static Task<string> PostAsync(PolicyExchange edge, string body, string? type = "application/json", bool isChunked = false) => edge.AnswerAsync(
        "/a/mirror",
        request =>
        {
            request.Content = Body(body, type);
            request.Headers.TransferEncodingChunked = isChunked ? true : null;
        },
        HttpMethod.Post);
}
