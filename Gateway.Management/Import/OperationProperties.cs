using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>The properties of an operation, with as much documentation as a reader of the portal needs.</summary>
internal static class OperationProperties
{
    private const int MaximumName = 300;
    private const int MaximumText = 1000;
    private const int MaximumEntries = 100;
    private const int MaximumParameterName = 200;

    /// <summary>The properties.</summary>
    public static JsonObject From(string id, string method, OpenApiOperation operation, List<IOpenApiParameter> parameters, OperationTemplate template, DocumentTypes types)
    {
        var displayName = DocumentText.Line(operation.Summary, MaximumName);
        var properties = new JsonObject
        {
            ["displayName"] = displayName.Length > 0 ? displayName : id,
            ["method"] = method.ToUpperInvariant(),
            ["urlTemplate"] = template.Text,
            ["templateParameters"] = new JsonArray([.. template.Names.Select(name => TemplateParameter(name.Name, Find(parameters, name.Original)))]),
        };
        Add(properties, "description", operation.Description);
        var request = new JsonObject();
        Add(request, "description", operation.RequestBody?.Description);
        AddList(request, "queryParameters", ParameterLocation.Query, parameters, template);
        AddList(request, "headers", ParameterLocation.Header, parameters, template);
        if (OperationBodies.From(operation.RequestBody?.Content, types, $"{id}-request") is { } bodies)
        {
            request["representations"] = bodies;
        }

        if (request.Count > 0)
        {
            properties["request"] = request;
        }

        var responses = (operation.Responses ?? []).Take(MaximumEntries).Select(response => Response(id, response.Key, response.Value, types)).ToArray<JsonNode?>();
        if (responses.Length > 0)
        {
            properties["responses"] = new JsonArray(responses);
        }

        return properties;
    }

    private static IOpenApiParameter? Find(List<IOpenApiParameter> parameters, string name) =>
        parameters.Find(parameter => parameter.Name == name && parameter.In == ParameterLocation.Path) ?? parameters.Find(parameter => parameter.Name == name);

    private static JsonObject TemplateParameter(string name, IOpenApiParameter? parameter)
    {
        var result = new JsonObject { ["name"] = name, ["type"] = TypeOf(parameter), ["required"] = true };
        Add(result, "description", parameter?.Description);
        return result;
    }

    private static void AddList(JsonObject request, string name, ParameterLocation location, List<IOpenApiParameter> parameters, OperationTemplate template)
    {
        var entries = parameters
            .Where(parameter => parameter.In == location && !(location == ParameterLocation.Query && template.Names.Any(inTemplate => inTemplate.Original == parameter.Name)))
            .Take(MaximumEntries)
            .Select(parameter =>
            {
                var entry = new JsonObject { ["name"] = DocumentText.Line(parameter.Name, MaximumParameterName), ["type"] = TypeOf(parameter), ["required"] = parameter.Required };
                Add(entry, "description", parameter.Description);
                return entry;
            })
            .ToArray<JsonNode?>();
        if (entries.Length > 0)
        {
            request[name] = new JsonArray(entries);
        }
    }

    private static JsonObject Response(string id, string status, IOpenApiResponse? documented, DocumentTypes types)
    {
        var response = new JsonObject { ["statusCode"] = int.TryParse(status, out var code) ? JsonValue.Create(code) : JsonValue.Create(DocumentText.Line(status, MaximumParameterName)) };
        Add(response, "description", documented?.Description);
        if (OperationBodies.From(documented?.Content, types, $"{id}-{status}") is { } bodies)
        {
            response["representations"] = bodies;
        }

        return response;
    }

    private static string TypeOf(IOpenApiParameter? parameter) => parameter?.Schema?.Type is { } type && type != 0
        ? (type & ~JsonSchemaType.Null).ToString().Split(',')[0].ToLowerInvariant()
        : "string";

    private static void Add(JsonObject target, string name, string? text)
    {
        if (DocumentText.Text(text, MaximumText) is { } found)
        {
            target[name] = found;
        }
    }
}
