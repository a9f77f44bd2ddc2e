using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds.Schemas;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.ApiSchemas;

/// <summary>The types that the definition of an API speaks of: what operations name by <c>schemaId</c> and <c>typeName</c>.</summary>
public sealed class ApiSchemaKind() : ResourceKind("/apis/{apiId}/schemas/{schemaId}")
{
    /// <summary>The content type of types in an OpenAPI document of version 3.</summary>
    public const string Components = "application/vnd.oai.openapi.components+json";

    /// <inheritdoc />
    public override string Summary => "The types that the definition of an API speaks of.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.All & ~ResourceVerbs.Patch;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "Types.",
        ["contentType"] = new TextSchema
        {
            Summary = $"What the document is: {Components} (document.components), application/vnd.ms-azure-apim.swagger.definitions+json (document.definitions), a type with xml (document.value, XML Schema), or another (document.value).",
            IsRequired = true, Maximum = 256,
        },
        ["document"] = new ObjectSchema
        {
            Summary = "The types.",
            IsRequired = true,
            ["value"] = new TextSchema { Summary = "A schema as text; up to 1 M characters.", Maximum = SchemaKind.MaximumLength },
            ["definitions"] = new AnySchema { Summary = "Types by name, as in an OpenAPI document of version 2." },
            ["components"] = new AnySchema { Summary = "An object whose member schemas holds types by name, as in an OpenAPI document of version 3." },
        },
    };

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        var document = draft.Properties["document"] as JsonObject ?? [];
        if (document.Count(member => member.Value is not null) != 1)
        {
            errors.Add("properties.document", "'properties.document' must have one of 'value', 'definitions' and 'components'.");
        }

        foreach (var name in (string[])["definitions", "components"])
        {
            if (document[name] is { } types and not JsonObject)
            {
                errors.Add($"properties.document.{name}", $"'properties.document.{name}' must be a JSON object.");
            }
        }
    }
}
