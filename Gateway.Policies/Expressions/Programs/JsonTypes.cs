namespace Gateway.Policies.Expressions.Programs;

/// <summary>The types that JSON may be turned into: making a value of any other could run its constructors.</summary>
internal static class JsonTypes
{
    private static readonly HashSet<string> _types = new(StringComparer.Ordinal)
    {
        "System.Object", "System.String", "System.Boolean", "System.Byte", "System.SByte", "System.Int16", "System.Int32", "System.Int64", "System.UInt16", "System.UInt32",
        "System.UInt64", "System.Single", "System.Double", "System.Decimal", "System.Char", "System.Guid", "System.DateTime", "System.DateTimeOffset", "System.TimeSpan",
        "System.Uri", "Newtonsoft.Json.Linq.JToken", "Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json.Linq.JArray", "Newtonsoft.Json.Linq.JValue",
        "Newtonsoft.Json.Linq.JProperty", "Newtonsoft.Json.Linq.JContainer",
    };

    private static readonly HashSet<string> _containers = new(StringComparer.Ordinal)
    {
        "System.Nullable`1", "System.Collections.Generic.List`1", "System.Collections.Generic.IList`1", "System.Collections.Generic.IEnumerable`1",
        "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.IReadOnlyDictionary`2", "System.Collections.Generic.KeyValuePair`2",
    };

    /// <summary>True when JSON may become a value of that type.</summary>
    /// <param name="type">As <see cref="TypeNames"/> writes it.</param>
    public static bool Allows(string type)
    {
        var rest = type.Replace("[]", "", StringComparison.Ordinal);
        var parts = rest.Split(['<', '>', ','], StringSplitOptions.RemoveEmptyEntries);
        return parts.All(part => _types.Contains(part) || _containers.Contains(part));
    }
}
