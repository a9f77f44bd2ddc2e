namespace Gateway.PolicyCompiler.Programs;

/// <summary>The types whose values hold others of their kind, so that they can be nested without end.</summary>
internal static class Trees
{
    private static readonly HashSet<string> _types =
    [
        "Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json.Linq.JArray", "Newtonsoft.Json.Linq.JProperty", "System.Xml.Linq.XElement", "System.Xml.Linq.XDocument",
    ];

    /// <summary>True for such a type.</summary>
    public static bool IsTree(string type) => _types.Contains(type);

    /// <summary>True for a type that may be put into a tree and is no collection of other things.</summary>
    public static bool IsLeaf(string type) =>
        type.StartsWith("Newtonsoft.Json.Linq.J", StringComparison.Ordinal) && !type.Contains('`', StringComparison.Ordinal)
        || type.StartsWith("System.Xml.Linq.X", StringComparison.Ordinal)
        || type is "System.Guid" or "System.TimeSpan" or "System.DateTimeOffset" or "System.Uri";
}
