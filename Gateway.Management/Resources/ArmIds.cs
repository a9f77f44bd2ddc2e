using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Management.Resources;

/// <summary>Callers may refer to a resource by its full ARM id; the catalog holds the path below the service.</summary>
internal static partial class ArmIds
{
    /// <summary>The path below the service when the text is a full ARM id, else the text.</summary>
    public static string Shorten(string text)
    {
        if (!text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) || FullId().Match(text) is not { Success: true } match)
        {
            return text;
        }

        return match.Groups[1].Length == 0 ? "/" : match.Groups[1].Value;
    }

    /// <summary>Shortens every text that is a full ARM id, in place.</summary>
    public static void ShortenAll(JsonNode node)
    {
        switch (node)
        {
            case JsonObject found:
                foreach (var (name, value) in found.ToArray())
                {
                    Visit(value, shorter => found[name] = shorter);
                }

                break;
            case JsonArray found:
                for (var i = 0; i < found.Count; i++)
                {
                    var index = i;
                    Visit(found[i], shorter => found[index] = shorter);
                }

                break;
            default:
                break;
        }
    }

    private static void Visit(JsonNode? value, Action<JsonNode> replace)
    {
        if (value is JsonValue && value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            var shorter = Shorten(text);
            if (!ReferenceEquals(shorter, text))
            {
                replace(JsonValue.Create(shorter));
            }
        }
        else if (value is not null)
        {
            ShortenAll(value);
        }
    }

    [GeneratedRegex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ApiManagement/service/[^/]+(/.*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FullId();
}
