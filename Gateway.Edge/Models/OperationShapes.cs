using System.Collections.Frozen;
using Gateway.Contracts.Publications;
using Gateway.Edge.Matching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Models;

/// <summary>From the definition of an operation in a publication to what policies validate by.</summary>
internal static class OperationShapes
{
    /// <summary>The shape; parameters of the template are required, since without them the operation does not match.</summary>
    /// <param name="definition">The definition; null when it says nothing.</param>
    /// <param name="template">The operation's URL template.</param>
    /// <param name="schemas">The types of the API by the ids of their schemas.</param>
    public static OperationShape Of(OperationDefinition? definition, UrlTemplate template, IReadOnlyDictionary<string, (SchemaInfo Schema, string? Types)> schemas)
    {
        if (definition is null or { IsEmpty: true } && template.Query.Length == 0)
        {
            return OperationShape.Empty;
        }

        definition ??= new();
        var inQuery = template.Query.Where(requirement => requirement.Parameter is not null).ToDictionary(requirement => requirement.Parameter!, requirement => requirement.Name, StringComparer.OrdinalIgnoreCase);
        return new()
        {
            Path = [.. definition.Template.Where(parameter => !inQuery.ContainsKey(parameter.Name)).Select(Of)],
            Query =
            [
                .. definition.Template.Where(parameter => inQuery.ContainsKey(parameter.Name)).Select(parameter => Of(parameter) with { Name = inQuery[parameter.Name] }),
                .. template.Query.Where(requirement => requirement.Parameter is null).Select(requirement => new ParameterShape(requirement.Name, "string", true, [])),
                .. definition.Query.Select(Of),
            ],
            Headers = [.. definition.Headers.Select(Of)],
            ContentTypes = definition.ContentTypes,
            Bodies = Bodies(definition.Bodies, schemas),
            Responses = definition.Responses.ToFrozenDictionary(
                response => response.StatusCode,
                response => new ResponseShape([.. response.Headers.Select(Of)], response.ContentTypes) { Bodies = Bodies(response.Bodies, schemas) }),
        };
    }

    /// <summary>A type that is not there is not known.</summary>
    private static BodyShape[] Bodies(IReadOnlyList<BodyEntry>? bodies, IReadOnlyDictionary<string, (SchemaInfo Schema, string? Types)> schemas) =>
    [
        .. (bodies ?? []).Where(body => schemas.ContainsKey(body.Schema)).Select(body => new BodyShape(
            body.ContentType, schemas[body.Schema].Schema, schemas[body.Schema].Types is { } types && body.Type is { } type ? types + Escaped(type) : null)),
    ];

    /// <summary>A name as a part of a pointer.</summary>
    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static ParameterShape Of(ParameterEntry parameter) => new(parameter.Name, parameter.Type, parameter.Required, parameter.Values);
}
