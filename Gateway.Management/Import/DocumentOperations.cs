using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Operations;
using Gateway.Contracts.Results;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>An operation as the catalog wants it.</summary>
internal sealed record DocumentOperation(string Id, JsonObject Properties);

/// <summary>From a document to operations.</summary>
internal static class DocumentOperations
{
    /// <summary>Operations of one API at most.</summary>
    public const int Maximum = 5_000;

    /// <summary>All operations, or every finding with its pointer into the document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="requiredQueryInTemplate">True: required query parameters become parts of the URL templates.</param>
    /// <param name="types">Takes in the types that operations speak of.</param>
    public static Result<IReadOnlyList<DocumentOperation>> Read(OpenApiDocument document, bool requiredQueryInTemplate, DocumentTypes types)
    {
        var errors = new ErrorList();
        var ids = new OperationIds();
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        var operations = new List<DocumentOperation>();
        foreach (var (path, item) in document.Paths ?? [])
        {
            foreach (var (method, operation) in item?.Operations ?? [])
            {
                var pointer = $"#/paths/{path.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}/{method.Method.ToLowerInvariant()}";
                try
                {
                    operations.Add(Read(path, method.Method, item!, operation, pointer));
                }
                catch (InvalidOperationException exception)
                {
                    // The library resolves references when they are looked at, and this is how it says that they go in circles.
                    errors.Add("properties.value", $"{exception.Message} ({pointer})");
                }

                if (operations.Count > Maximum)
                {
                    return new GatewayError(ErrorKind.ValidationError, $"The document has more than {Maximum} operations.") { Target = "properties.value" };
                }
            }
        }

        return errors.IsEmpty ? operations : errors.ToArray();

        DocumentOperation Read(string path, string method, IOpenApiPathItem item, OpenApiOperation operation, string pointer)
        {
            var parameters = Parameters(item, operation, pointer, errors);
            var template = OperationTemplate.From(path, parameters, requiredQueryInTemplate);
            var parsed = UrlTemplate.Parse(template.Text);
            if (!parsed.IsSuccess)
            {
                errors.Add("properties.value", $"{parsed.Errors[0].Message} ({pointer})");
            }
            else if (!shapes.Add($"{method.ToUpperInvariant()} {parsed.Value.NormalForm}"))
            {
                errors.Add("properties.value", $"Operation with the same method and URL template already exists: {method.ToUpperInvariant()} {template.Text} ({pointer}).");
            }

            var id = ids.Take(operation.OperationId, method, path);
            return new DocumentOperation(id, OperationProperties.From(id, method, operation, parameters, template, types));
        }
    }

    // The operation's parameters stand above those of its path.
    private static List<IOpenApiParameter> Parameters(IOpenApiPathItem item, OpenApiOperation operation, string pointer, ErrorList errors)
    {
        var found = new OrderedDictionary<(ParameterLocation?, string), IOpenApiParameter>();
        foreach (var parameter in (item.Parameters ?? []).Concat(operation.Parameters ?? []))
        {
            if (string.IsNullOrEmpty(parameter?.Name))
            {
                errors.Add("properties.value", parameter is OpenApiParameterReference reference
                    ? $"The reference '{DocumentText.Line(reference.Reference.ReferenceV3 ?? reference.Reference.Id, 200)}' of a parameter leads nowhere inside the document; others are not followed ({pointer})."
                    : $"A parameter has no name ({pointer}).");
            }
            else
            {
                found[(parameter.In, parameter.Name)] = parameter;
            }
        }

        return [.. found.Values];
    }
}
