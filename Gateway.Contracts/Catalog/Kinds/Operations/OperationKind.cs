using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Operations;

/// <summary>Operations: what callers can do with an API.</summary>
public sealed class OperationKind() : ResourceKind("/apis/{apiId}/operations/{operationId}")
{
    /// <inheritdoc />
    public override string Summary => "An operation of an API: a method and a URL template.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "An operation.",
        ["displayName"] = new TextSchema { Summary = "The name shown to people; 1 to 300 characters.", IsRequired = true, Maximum = 300 },
        ["method"] = new TextSchema
        {
            Summary = "The HTTP method; stored in upper case. '*' matches any.",
            IsRequired = true, Maximum = 40, Normalize = text => text.ToUpperInvariant(), Rule = UrlRules.CheckToken,
        },
        ["urlTemplate"] = new TextSchema
        {
            Summary = "Relative to the API's path: literals, {parameter} as a whole segment, a trailing * or {*parameter}, and an optional query part. Up to 1000 characters.",
            IsRequired = true, Minimum = 0, Maximum = 1000,
        },
        ["templateParameters"] = new ListSchema(Parameter())
        {
            Summary = "The parameters of the template, exactly these; absent: made from the template.", Maximum = 100,
        },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 100_000 },
        ["request"] = new AnySchema { Summary = "The request, for documentation: description, queryParameters, headers, representations." },
        ["responses"] = new AnySchema { Summary = "The responses, for documentation: statusCode, description, headers, representations." },
    };

    /// <inheritdoc />
    public override void Complete(ResourceDraft draft)
    {
        if (draft.Properties["templateParameters"] is null && UrlTemplate.Parse(draft.Text("urlTemplate") ?? "") is { IsSuccess: true } template)
        {
            draft.Properties["templateParameters"] = new JsonArray(
                [.. template.Value.Parameters.Select(name => new JsonObject { ["name"] = name, ["type"] = "string", ["required"] = true })]);
        }
    }

    /// <inheritdoc />
    public override IEnumerable<UniqueName> UniqueNames(ResourceDraft draft)
    {
        var template = UrlTemplate.Parse(draft.Text("urlTemplate") ?? "");
        return template.IsSuccess
            ? [new UniqueName($"operation:{ResourcePath.Parent(draft.Id)}:{draft.Text("method")} {template.Value.NormalForm}", "properties.urlTemplate", "Operation with the same method and URL template already exists.")]
            : [];
    }

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        var template = UrlTemplate.Parse(draft.Text("urlTemplate") ?? "");
        if (!template.IsSuccess)
        {
            errors.Add("properties.urlTemplate", template.Errors[0].Message);
            return;
        }

        var declared = ((JsonArray?)draft.Properties["templateParameters"] ?? []).Select(parameter => (string)parameter!["name"]!).ToList();
        var inTemplate = template.Value.Parameters.ToList();
        foreach (var name in inTemplate.Where(name => declared.Count(other => other == name) != 1))
        {
            errors.Add("properties.templateParameters", $"The parameter '{name}' of the URL template must stand in templateParameters exactly once.");
        }

        foreach (var name in declared.Where(name => !inTemplate.Contains(name)))
        {
            errors.Add("properties.templateParameters", $"The template parameter '{name}' does not stand in the URL template.");
        }
    }

    private static ObjectSchema Parameter() => new()
    {
        Summary = "A parameter.",
        ["name"] = new TextSchema { Summary = "Its name.", IsRequired = true, Maximum = 200 },
        ["type"] = new TextSchema { Summary = "Its type.", Default = "string", Minimum = 0, Maximum = 200 },
        ["required"] = new FlagSchema { Summary = "Whether callers must give it." },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 100_000 },
        ["defaultValue"] = new TextSchema { Summary = "The value when absent.", Minimum = 0 },
        ["values"] = new ListSchema(new TextSchema { Summary = "A value.", Minimum = 0 }) { Summary = "The values it may have." },
        ["schemaId"] = new TextSchema { Summary = "The schema that describes it.", Minimum = 0, Maximum = 400 },
        ["typeName"] = new TextSchema { Summary = "The type's name in the schema.", Minimum = 0, Maximum = 400 },
        ["examples"] = new AnySchema { Summary = "Examples, by name." },
    };
}
