using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds.ApiSchemas;
using Gateway.Contracts.Catalog.Kinds.Schemas;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>The types of a document: those that it gives names to, and those that stand where they are used, under names of ours.</summary>
internal sealed class DocumentTypes
{
    /// <summary>The id of the schema that holds them.</summary>
    public const string SchemaId = "types";

    private readonly JsonObject _types = [];
    private long _length;

    /// <summary>Takes in the types that have names.</summary>
    public DocumentTypes(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            Add(name, schema);
        }
    }

    /// <summary>The properties of the schema that holds the types; null without any, and when they are longer than a schema may be.</summary>
    public JsonObject? Properties => _types.Count == 0 || _length > SchemaKind.MaximumLength ? null : new()
    {
        ["contentType"] = ApiSchemaKind.Components,
        ["document"] = new JsonObject { ["components"] = new JsonObject { ["schemas"] = _types } },
    };

    /// <summary>The name of a type; null without one.</summary>
    /// <param name="schema">The type.</param>
    /// <param name="suggestion">Its name when the document gives it none.</param>
    public string? NameOf(IOpenApiSchema? schema, string suggestion)
    {
        if (schema is null)
        {
            return null;
        }

        if (schema is OpenApiSchemaReference reference)
        {
            return reference.Reference.Id is { } id && _types.ContainsKey(id) ? id : null;
        }

        var name = suggestion;
        for (var i = 2; _types.ContainsKey(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{suggestion}-{i}");
        }

        Add(name, schema);
        return name;
    }

    private void Add(string name, IOpenApiSchema schema)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        schema.SerializeAsV3(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        _length += text.GetStringBuilder().Length + name.Length;
        _types[name] = _length > SchemaKind.MaximumLength ? null : JsonNode.Parse(text.ToString());
    }
}
