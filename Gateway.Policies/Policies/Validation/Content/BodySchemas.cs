using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Schema;
using Gateway.Policies.Execution;
using Newtonsoft.Json;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>What was made of a schema resource: once for each way in which policies use it, also when it cannot be used.</summary>
/// <param name="source">The resource.</param>
internal sealed class BodySchemas(SchemaInfo source)
{
    private const int MostUses = 64;
    private readonly ConcurrentDictionary<SchemaUse, Lazy<(IBodySchema? Schema, string? Failure)>> _uses = [];

    /// <summary>The type of the schemas that bodies are judged by.</summary>
    public static string TypeOf(ContentForm form) => form == ContentForm.Json ? "json" : "xml";

    /// <summary>What was made of a schema.</summary>
    public static BodySchemas Of(SchemaInfo source) => source.Made(static source => new BodySchemas(source));

    /// <summary>The schema for a use.</summary>
    /// <param name="use">How it is used.</param>
    /// <param name="failure">Why it cannot be used; null when it can.</param>
    public IBodySchema? For(SchemaUse use, out string? failure)
    {
        if (!_uses.TryGetValue(use, out var made))
        {
            if (_uses.Count >= MostUses)
            {
                // Uses of documents that have changed since.
                _uses.Clear();
            }

            made = _uses.GetOrAdd(use, static (use, source) => new(() => Make(use, source)), source);
        }

        (var schema, failure) = made.Value;
        return schema;
    }

    private static (IBodySchema? Schema, string? Failure) Make(SchemaUse use, SchemaInfo source)
    {
        var type = TypeOf(use.Form);
        if (source.Type != type)
        {
            return (null, $"It is of type {source.Type}, and bodies are to be judged by one of type {type}.");
        }

        try
        {
            return (use.Form == ContentForm.Json ? JsonBodySchema.Make(source.Text, use) : XmlBodySchema.Make(source.Text, use.Form == ContentForm.Soap), null);
        }
        catch (Exception e) when (e is UnusableSchemaException or JsonException or System.Text.Json.JsonException or XmlSchemaException or XmlException)
        {
            return (null, e.Message);
        }
    }
}
