using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>What a document says of the bodies of requests and responses, as the catalog wants it: <c>representations</c>.</summary>
internal static class OperationBodies
{
    private const int MaximumEntries = 20;
    private const int MaximumName = 200;
    private const int MaximumExample = 64 * 1024;

    /// <summary>One representation for each content type; null without any.</summary>
    /// <param name="content">The content types.</param>
    /// <param name="types">Takes in the types.</param>
    /// <param name="name">What the body is, for a type without a name: <c>listPets-200</c>.</param>
    public static JsonArray? From(IDictionary<string, IOpenApiMediaType>? content, DocumentTypes types, string name)
    {
        var representations = (content ?? new Dictionary<string, IOpenApiMediaType>()).Take(MaximumEntries).Select(media =>
        {
            var representation = new JsonObject { ["contentType"] = DocumentText.Line(media.Key, MaximumName) };
            if (types.NameOf(media.Value?.Schema, name) is { } type)
            {
                representation["schemaId"] = DocumentTypes.SchemaId;
                representation["typeName"] = type;
            }

            if (Examples(media.Value) is { Count: > 0 } examples)
            {
                representation["examples"] = examples;
            }

            return representation;
        }).ToArray<JsonNode?>();
        return representations.Length == 0 ? null : new JsonArray(representations);
    }

    private static JsonObject Examples(IOpenApiMediaType? media)
    {
        var examples = new JsonObject();
        foreach (var (name, example) in (media?.Examples ?? new Dictionary<string, IOpenApiExample>()).Take(MaximumEntries))
        {
            Add(examples, DocumentText.Line(name, MaximumName), example?.Value);
        }

        if (examples.Count == 0)
        {
            Add(examples, "default", media?.Example);
        }

        return examples;
    }

    private static void Add(JsonObject examples, string name, JsonNode? value)
    {
        if (value is not null && value.ToJsonString().Length <= MaximumExample)
        {
            examples[name] = new JsonObject { ["value"] = value.DeepClone() };
        }
    }
}
