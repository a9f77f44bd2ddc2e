using System.Text.Json;
using System.Xml;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>How bodies of one content type are judged: <c>content</c>.</summary>
internal sealed class ContentRule
{
    private static readonly (string, ContentForm)[] s_forms = [("json", ContentForm.Json), ("xml", ContentForm.Xml), ("soap", ContentForm.Soap)];
    private readonly string? _type;
    private readonly string? _schema;
    private readonly SchemaUse _use;

    private ContentRule(string? type, string? schema, SchemaUse use) => (_type, _schema, _use) = (type, schema, use);

    /// <summary><c>action</c>: for bodies that do not keep to the schema.</summary>
    public required PolicySetting<ValidationAction> Action { get; init; }

    /// <summary>Reads the element.</summary>
    public static ContentRule Read(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (type, schema, reference) = (Text("type"), Text("schema-id"), Text("schema-ref"));
        if (!read.Has("validate-as"))
        {
            read.Error("validate-as", "The attribute 'validate-as' is missing.");
        }

        var form = read.Choice("validate-as", ContentForm.Json, s_forms);
        var action = read.RequiredChoiceSetting("action", ValidationReport.Actions);
        var use = new SchemaUse(
            form,
            reference,
            read.Has("allow-additional-properties") ? read.Boolean("allow-additional-properties", true) : null,
            read.Boolean("case-insensitive-property-names", false));
        if (schema is not null)
        {
            parsing.UsesSchema(schema);
        }
        else if (!read.Has("schema-id"))
        {
            if ((parsing.Scope & (PolicyScope.Api | PolicyScope.Operation)) == 0)
            {
                parsing.Diagnostics.Warning(element, "Without the attribute 'schema-id' bodies are only looked at for being well-formed here: the types of API definitions are known to policies of the API or the operation.");
            }
        }

        if (reference is not null && (schema is null || form != ContentForm.Json || !reference.StartsWith('#')))
        {
            read.Error("schema-ref", "The attribute 'schema-ref' must begin with # and needs 'schema-id' and a 'validate-as' of json.");
        }

        read.End();
        return new(type, schema, use) { Action = action };

        string? Text(string name) => read.Optional(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>True when bodies of a type are judged by this.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isDefined">True when the operation's definition has it.</param>
    public bool IsFor(string type, bool isDefined) => _type?.Equals(type, StringComparison.OrdinalIgnoreCase) ?? isDefined;

    /// <summary>What is wrong with a body: sentences that do not quote its values.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="defined">The type that the operation's definition gives it; null when it gives none.</param>
    /// <param name="policy">The policy's name.</param>
    /// <exception cref="PolicyException">The schema cannot be used.</exception>
    public IReadOnlyList<string> Judge(PolicyContext context, string body, BodyShape? defined, string policy)
    {
        var schema = _schema is not null ? Find(context, _schema, policy)
            : defined?.Schema.Type == BodySchemas.TypeOf(_use.Form) ? Use(defined.Schema, _use with { Reference = defined.Reference }, policy)
            : null;
        try
        {
            if (schema is not null)
            {
                return schema.Judge(body);
            }

            if (_use.Form == ContentForm.Json)
            {
                StrictJson.Check(body);
            }
            else
            {
                BoundedXml.Check(body);
            }

            return [];
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            return [$"Body of the message is not well-formed {(_use.Form == ContentForm.Json ? "JSON, or names a property twice" : "XML, or has a document type")}, or is nested too deep."];
        }
        catch (CostlyBodyException e)
        {
            return [e.Message];
        }
    }

    private IBodySchema Find(PolicyContext context, string id, string policy) => context.FindSchema(id) is not { } found
        ? throw Unusable(policy, $"There is no schema '{id}'.")
        : Use(found, _use, policy);

    private static IBodySchema Use(SchemaInfo schema, SchemaUse use, string policy) =>
        BodySchemas.Of(schema).For(use, out var failure) ?? throw Unusable(policy, $"The schema '{schema.Id}' cannot be used. {failure}");

    private static PolicyException Unusable(string policy, string message) => new(
        new LastError { Source = policy, Reason = "SchemaNotUsable", Message = message }, 500, "Internal server error");
}
