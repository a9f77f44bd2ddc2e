using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Tests.Catalog;

public sealed class SchemaChecksTests
{
    [Theory]
    [InlineData("json", "{\"type\":\"object\",\n\"properties\":{\"a\":{\"$ref\":\"#/definitions/n\"}},\"definitions\":{\"n\":{\"type\":\"integer\"}}}", null)]
    [InlineData("json", "{\"type\":\"object\"", "It is not well-formed JSON, or names a property twice, or is nested too deep (line 1, column 17).")]
    [InlineData("json", "{\n\"type\":1,\n\"type\":2}", "It is not well-formed JSON, or names a property twice, or is nested too deep (line 3, column 7).")]
    [InlineData("json", "{\n  \"a\": { \"$ref\": \"http://other.example/a.json\" } }", "It refers to another document (line 2, column 18).")]
    [InlineData("json", "{\n  \"items\": { \"$ref\": \"#/definitions/none\" } }", "A reference in it leads nowhere (line 2, column 22).")]
    [InlineData("json", "{\"properties\":{\"a\":{\"patternProperties\":{}}}}", "Schemas with 'patternProperties' are not supported by this version (line 1, column 41).")]
    [InlineData("json", "{\"pattern\":\"(\"}", "One of its patterns is no regular expression (line 1, column 12).")]
    [InlineData("xml", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"a\" type=\"xs:int\"/></xs:schema>", null)]
    [InlineData("xml", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:element name=\"a\" type=\"none\"/></xs:schema>", "It is no XML schema: Type 'none' is not declared (line 2, column 2).")]
    [InlineData("xml", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n <xs:include schemaLocation=\"http://other.example/a.xsd\"/></xs:schema>", "It refers to another document (line 2, column 3).")]
    [InlineData("xml", "<xs:schema", "It is not well-formed XML, or has a document type, or is nested too deep (line 1, column 11).")]
    [InlineData("xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", "It is not well-formed XML, or has a document type, or is nested too deep.")]
    public void Schema_that_is_put_is_judged_as_edges_would(string type, string text, string? fault)
    {
        var changes = SchemaChecks.Run([Put("/apis/a", "{}"), Put("/schemas/s", $$"""{"schemaType":"{{type}}","value":{{JsonSerializer.Serialize(text)}}}""")]);

        if (fault is null)
        {
            Assert.Empty(changes);
            return;
        }

        var error = Assert.Single(changes);
        Assert.Equal((1, "properties.value"), (error.Index, error.Target));
        Assert.Equal($"The schema cannot be used. {fault}", error.Message);
    }

    [Fact]
    public void Schema_as_an_object_is_judged_too()
    {
        var error = Assert.Single(SchemaChecks.Run([Put("/schemas/s", """{"schemaType":"json","document":{"$ref":"#/definitions/a"}}""")]));

        Assert.Equal(("properties.document", "The schema cannot be used. A reference in it leads nowhere."), (error.Target, error.Message));
    }

    [Fact]
    public void Schema_that_is_incomplete_is_left_to_the_rules_of_its_kind() =>
        Assert.Empty(SchemaChecks.Run([Put("/schemas/s", """{"schemaType":"json"}"""), new Change { Operation = ChangeOperation.Delete, Id = "/schemas/s" }]));

    private static Change Put(string id, string properties) => new()
    {
        Operation = ChangeOperation.Put,
        Id = id,
        Properties = JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(properties)),
    };
}
