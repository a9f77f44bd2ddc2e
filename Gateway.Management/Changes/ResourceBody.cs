using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;

namespace Gateway.Management.Changes;

/// <summary>The ARM body of a write: <c>properties</c>, and what a GET shows beside it, which is accepted and not looked at.</summary>
internal static class ResourceBody
{
    private static readonly HashSet<string> _envelope = new(StringComparer.Ordinal) { "id", "name", "type", "properties" };

    /// <summary>The properties of a body; an absent or null member is an empty object.</summary>
    public static Result<JsonObject> Properties(JsonObject body)
    {
        body.TryGetPropertyValue("properties", out var found);
        body.Remove("properties");
        return found switch
        {
            null => new JsonObject(),
            JsonObject properties => properties,
            _ => new GatewayError(ErrorKind.ValidationError, "'properties' must be a JSON object.") { Target = "properties" },
        };
    }

    /// <summary>Members of the body that mean nothing.</summary>
    public static IEnumerable<string> Unknown(JsonObject body) =>
        body.Select(member => member.Key).Where(name => !_envelope.Contains(name)).Take(SchemaReading.MaximumIgnored);
}
