using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Puts the types of a document where the library looks for them, and takes out what is not needed: it costs nothing then, and its mistakes are nobody's.</summary>
internal static class SchemaParts
{
    private const string Definitions = "definitions";
    private static readonly string[][] s_maps = [["components", "schemas"], ["$defs"], [Definitions]];

    /// <summary>Leaves the types that a reference leads to, directly or by others. A reference to anything else leaves all.</summary>
    public static void Prune(JObject document, string reference)
    {
        var reached = new HashSet<JProperty>();
        var left = new Stack<string>([reference]);
        while (left.TryPop(out var pointer))
        {
            if (Find(document, pointer) is not { } type)
            {
                return;
            }

            if (reached.Add(type))
            {
                foreach (var further in type.Descendants().OfType<JProperty>().Where(property => property is { Name: "$ref", Value.Type: JTokenType.String }))
                {
                    left.Push((string)further.Value!);
                }
            }
        }

        foreach (var type in s_maps.Select(map => Map(document, map)).OfType<JObject>().SelectMany(map => map.Properties()).Where(type => !reached.Contains(type)).ToList())
        {
            type.Remove();
        }
    }

    /// <summary>Makes definitions of all types, wherever the document has them: references to types elsewhere are not followed all the way.</summary>
    public static void MakeDefinitions(JObject document)
    {
        var definitions = document[Definitions] as JObject ?? [];
        document[Definitions] = definitions;
        foreach (var map in s_maps[..^1])
        {
            var types = Map(document, map)?.Properties().Where(type => !definitions.ContainsKey(type.Name)).ToList() ?? [];
            foreach (var type in types)
            {
                type.Remove();
                definitions.Add(type);
            }
        }

        foreach (var reference in document.Descendants().OfType<JProperty>().Where(property => property is { Name: "$ref", Value.Type: JTokenType.String }))
        {
            ((JValue)reference.Value).Value = InDefinitions((string)reference.Value!);
        }
    }

    /// <summary>A reference as <see cref="MakeDefinitions"/> leaves it.</summary>
    public static string InDefinitions(string reference)
    {
        foreach (var map in s_maps[..^1])
        {
            var prefix = $"#/{string.Join('/', map)}/";
            if (reference.StartsWith(prefix, StringComparison.Ordinal))
            {
                return $"#/{Definitions}/{reference[prefix.Length..]}";
            }
        }

        return reference;
    }

    private static JProperty? Find(JObject document, string pointer)
    {
        var parts = pointer.Split('/');
        foreach (var map in s_maps)
        {
            if (parts.Length > map.Length + 1 && parts[0] == "#" && parts.AsSpan(1, map.Length).SequenceEqual(map))
            {
                return Map(document, map)?.Property(JsonPointer.Name(parts[map.Length + 1]), StringComparison.Ordinal);
            }
        }

        return null;
    }

    private static JObject? Map(JObject document, string[] path) => path.Aggregate((JToken?)document, (at, name) => (at as JObject)?[name]) as JObject;
}
