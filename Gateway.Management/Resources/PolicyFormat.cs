using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;

namespace Gateway.Management.Resources;

/// <summary>
/// The query parameter <c>format</c> of kinds that hold a document (properties <c>format</c> and <c>value</c>): <c>xml</c> is well-formed
/// XML whatever was saved, <c>rawxml</c> has expressions as they are typed. Without it a document is shown as it was saved.
/// </summary>
internal sealed class PolicyFormat(Catalog catalog)
{
    private const string Raw = "rawxml";

    private static readonly string[] _formats = ["xml", Raw];

    /// <summary>The resource with its document in the form that the query asks for.</summary>
    public async Task<Result<Resource>> ApplyAsync(ManagementCall call, ResourceKind kind, Resource resource)
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
        var isRaw = (string?)properties["format"] == Raw;
        if (!isRaw || format != Raw)
        {
            properties["value"] = await catalog.Speller.Spell((string)properties["value"]!, isRaw, format == Raw);
            properties["format"] = format;
        }

        return resource with { Properties = JsonSerializer.SerializeToUtf8Bytes(properties, Answer.NodeJson) };
    }
}
