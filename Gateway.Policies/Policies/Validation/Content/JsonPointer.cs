using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Follows references within a document.</summary>
internal static class JsonPointer
{
    /// <summary>What a pointer such as <c>#/definitions/a</c> leads to; null for nothing.</summary>
    public static JToken? Follow(JToken root, string pointer) => pointer.Split('/').Skip(1).Select(Name).Aggregate((JToken?)root, (at, name) => at switch
    {
        JObject map => map[name],
        JArray list when int.TryParse(name, out var index) && index >= 0 && index < list.Count => list[index],
        _ => null,
    });

    /// <summary>The name that a part of a pointer stands for.</summary>
    public static string Name(string part) => Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
