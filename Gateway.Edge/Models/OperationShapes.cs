using System.Collections.Frozen;
using Gateway.Contracts.Publications;
using Gateway.Edge.Matching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Models;

/// <summary>From the definition of an operation in a publication to what policies validate by.</summary>
internal static class OperationShapes
{
    /// <summary>The shape; parameters of the template are required, since without them the operation does not match.</summary>
    public static OperationShape Of(OperationDefinition? definition, UrlTemplate template)
    {
        if (definition is null)
        {
            return OperationShape.Empty;
        }

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
            Responses = definition.Responses.ToFrozenDictionary(
                response => response.StatusCode, response => new ResponseShape([.. response.Headers.Select(Of)], response.ContentTypes)),
        };
    }

    private static ParameterShape Of(ParameterEntry parameter) => new(parameter.Name, parameter.Type, parameter.Required, parameter.Values);
}
