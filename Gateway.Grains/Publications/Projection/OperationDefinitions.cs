using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>From the documentation of an operation to what policies validate by. It may hold anything: what is no definition is left out.</summary>
internal static class OperationDefinitions
{
    private const int MostEntries = 500;

    public static OperationDefinition Of(JsonObject properties)
    {
        var request = properties.Object("request");
        return new()
        {
            Template = Parameters(properties["templateParameters"]),
            Query = Parameters(request?["queryParameters"]),
            Headers = Parameters(request?["headers"]),
            ContentTypes = ContentTypes(request?["representations"]),
            Bodies = Bodies(request?["representations"]),
            Responses = [.. Properties.Objects(properties["responses"]).Take(MostEntries).Select(Response).OfType<ResponseEntry>().DistinctBy(response => response.StatusCode)],
        };
    }

    private static ResponseEntry? Response(JsonObject response) => response.Number("statusCode") is not { } status ? null : new()
    {
        StatusCode = status,
        Headers = Parameters(response["headers"]),
        ContentTypes = ContentTypes(response["representations"]),
        Bodies = Bodies(response["representations"]),
    };

    private static ParameterEntry[] Parameters(JsonNode? list) =>
    [
        .. Properties.Objects(list).Take(MostEntries).Where(parameter => !string.IsNullOrEmpty(parameter.Text("name"))).Select(parameter => new ParameterEntry
        {
            Name = parameter.Text("name")!,
            Type = parameter.Text("type") ?? "string",
            Required = parameter.Flag("required", false),
            Values = parameter.Texts("values"),
        }),
    ];

    private static string[] ContentTypes(JsonNode? representations) =>
        [.. Properties.Objects(representations).Take(MostEntries).Select(representation => representation.Text("contentType")).OfType<string>().Distinct()];

    private static BodyEntry[]? Bodies(JsonNode? representations)
    {
        var bodies = Properties.Objects(representations).Take(MostEntries)
            .Where(body => !string.IsNullOrEmpty(body.Text("contentType")) && !string.IsNullOrEmpty(body.Text("schemaId")))
            .Select(body => new BodyEntry(body.Text("contentType")!, ResourcePath.Name(body.Text("schemaId")!), body.Text("typeName") is { Length: > 0 } type ? type : null))
            .ToArray();
        return bodies.Length == 0 ? null : bodies;
    }
}
