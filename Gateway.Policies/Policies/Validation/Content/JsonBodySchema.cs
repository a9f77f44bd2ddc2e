using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.References;
using NJsonSchema.Validation;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>A JSON schema. Nothing outside of its document is read.</summary>
internal sealed class JsonBodySchema : IBodySchema
{
    private const string Part = "x-gateway-part";
    private const int MostPathCharacters = 200;

    private readonly JsonSchema _schema;
    private readonly JsonSchemaText _text;
    private readonly JsonSchemaValidatorSettings _settings;

    private JsonBodySchema(JsonSchema schema, JsonSchemaText text, bool ignoresCase) => (_schema, _text, _settings) = (
        schema, text, new() { PropertyStringComparer = ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal });

    /// <summary>An example of a body, in UTF-8; made once.</summary>
    public byte[] Sample => field ??= new BodySample().Make(_schema);

    /// <summary>Makes it.</summary>
    /// <exception cref="UnusableSchemaException">It cannot be used.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not well-formed.</exception>
    public static JsonBodySchema Make(string source, SchemaUse use)
    {
        if (StrictJson.Parse(source) is not JObject document)
        {
            throw new UnusableSchemaException("It is no JSON object.", 1, 1);
        }

        if (use.Reference is { } reference)
        {
            if (JsonPointer.Follow(document, reference) is null)
            {
                throw new UnusableSchemaException($"It has no {reference}.");
            }

            SchemaParts.Prune(document, reference);
        }

        SchemaParts.MakeDefinitions(document);
        var text = new JsonSchemaText(use.AllowsMore);
        text.Prepare(document);
        if (use.Reference is not null)
        {
            document["definitions"]![Part] = new JObject { ["$ref"] = SchemaParts.InDefinitions(use.Reference) };
        }

        try
        {
            var reading = JsonSchema.FromJsonAsync(document.ToString(Formatting.None), null, static schema => new LocalReferences(new(schema, new DefaultTypeNameGenerator())));
            if (!reading.IsCompleted)
            {
                throw new UnusableSchemaException("It refers to another document.");
            }

            var root = reading.GetAwaiter().GetResult();
            return new((use.Reference is null ? root : root.Definitions[Part]).ActualSchema, text, use.IgnoresCase);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or JsonException or ArgumentException)
        {
            throw new UnusableSchemaException(e.GetBaseException() is NotSupportedException ? "It refers to another document." : "It is no JSON schema, or a reference in it leads nowhere.", inner: e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Judge(string body)
    {
        var json = StrictJson.Parse(body);
        try
        {
            return
            [
                .. new BoundedValidator(_settings, _text.Patterns, body.Length)
                    .Validate(json, _schema, SchemaType.OpenApi3)
                    .Take(IBodySchema.MostFaults)
                    .Select(error => $"Body of the message does not keep to its schema: {error.Kind} at {Short(error.Path)}."),
            ];
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException)
        {
            throw new CostlyBodyException("Body of the message has a number that is too long to check.", e);
        }
    }

    private static string Short(string? path) => path is null or "" or "#/" ? "#" : path.Length <= MostPathCharacters ? path : path[..MostPathCharacters];

    private sealed class LocalReferences(JsonSchemaAppender appender) : JsonReferenceResolver(appender)
    {
        public override Task<IJsonReference> ResolveFileReferenceAsync(string filePath, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("It refers to another document.");

        public override Task<IJsonReference> ResolveUrlReferenceAsync(string url, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("It refers to another document.");
    }
}
