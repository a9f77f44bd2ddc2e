using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Schemas;

/// <summary>Schemas that the bodies of messages are checked by.</summary>
public sealed class SchemaKind() : ResourceKind("/schemas/{schemaId}")
{
    /// <summary>Characters of a schema at most.</summary>
    public const int MaximumLength = 1024 * 1024;

    /// <inheritdoc />
    public override string Summary => "A schema that the bodies of messages are checked by.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.All & ~ResourceVerbs.Patch;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A schema.",
        ["schemaType"] = new ChoiceSchema("json", "xml") { Summary = "json: JSON Schema in document; xml: XML Schema in value.", IsRequired = true },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 1000 },
        ["value"] = new TextSchema { Summary = "The schema as text: of xml, or of json instead of document; up to 1 M characters.", Maximum = MaximumLength },
        ["document"] = new AnySchema { Summary = "The schema of json as an object." },
    };

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        var hasText = draft.Text("value") is not null;
        var document = draft.Properties["document"];
        if (draft.Text("schemaType") == "xml")
        {
            if (!hasText)
            {
                errors.Add("properties.value", "'properties.value' is required for a schema of type xml.");
            }

            if (document is not null)
            {
                errors.Add("properties.document", "'properties.document' is for schemas of type json.");
            }
        }
        else if (hasText == document is not null)
        {
            errors.Add("properties.document", "A schema of type json needs either 'properties.document' or 'properties.value'.");
        }
        else if (document is not null and not JsonObject)
        {
            errors.Add("properties.document", "'properties.document' must be a JSON object.");
        }
        else if (hasText && !IsObject(draft.Text("value")!))
        {
            errors.Add("properties.value", "'properties.value' must be the text of a JSON object.");
        }
    }

    private static bool IsObject(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = JsonText.MaximumDepth }) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
