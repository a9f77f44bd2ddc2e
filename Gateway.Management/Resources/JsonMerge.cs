using System.Text.Json.Nodes;

namespace Gateway.Management.Resources;

/// <summary>JSON merge patch (RFC 7396) on objects.</summary>
internal static class JsonMerge
{
    /// <summary>Merges a patch into a target, in place: objects merge, null removes, everything else replaces.</summary>
    public static void Into(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject outer)
            {
                Into(outer, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
