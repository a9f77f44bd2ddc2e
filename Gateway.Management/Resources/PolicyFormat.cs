using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;

namespace Gateway.Management.Resources;

/// <summary>
/// The query parameter <c>format</c> of kinds that hold a document (properties <c>format</c> and <c>value</c>). Both
/// <c>xml</c> and <c>rawxml</c> show the text that was stored: one whose expressions were saved unescaped is not escaped for <c>xml</c>.
/// </summary>
internal static class PolicyFormat
{
    private static readonly string[] _formats = ["xml", "rawxml"];

    /// <summary>The resource with its document in the form that the query asks for.</summary>
    public static Result<Resource> Apply(ManagementCall call, ResourceKind kind, Resource resource)
    {
        var asked = call.Query["format"].ToString();
        if (asked.Length == 0 || kind.Properties["format"] is null || kind.Properties["value"] is null)
        {
            return resource;
        }

        if (_formats.FirstOrDefault(format => string.Equals(format, asked, StringComparison.OrdinalIgnoreCase)) is not { } format)
        {
            return new GatewayError(ErrorKind.ValidationError, "The query parameter 'format' must be xml or rawxml.") { Target = "format" };
        }

        var properties = JsonNode.Parse(resource.Properties)!.AsObject();
        properties["format"] = format;
        return resource with { Properties = JsonSerializer.SerializeToUtf8Bytes(properties, Answer.NodeJson) };
    }
}
