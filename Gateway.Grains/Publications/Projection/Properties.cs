using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Reads properties of a resource; the catalog has checked their shapes, so what is missing has its default.</summary>
internal static class Properties
{
    public static string? Text(this JsonObject properties, string name) =>
        properties[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    public static bool Flag(this JsonObject properties, string name, bool otherwise) =>
        properties[name]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => otherwise,
        };

    public static int? Number(this JsonObject properties, string name) =>
        properties[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];

    public static JsonObject? Object(this JsonObject properties, string name) => properties[name] as JsonObject;

    public static string[] Texts(this JsonObject properties, string name) => Texts(properties[name]);

    public static string[] Texts(JsonNode? node) => node switch
    {
        JsonArray array => [.. array.Where(item => item?.GetValueKind() == JsonValueKind.String).Select(item => item!.GetValue<string>())],
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
