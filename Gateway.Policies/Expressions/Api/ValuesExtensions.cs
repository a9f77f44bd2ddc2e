using Gateway.Policies.Expressions.Context;

namespace Gateway.Policies.Expressions.Api;

/// <summary>Headers, query parameters and claims, which may have several values, as one text.</summary>
public static class ValuesExtensions
{
    /// <summary>The values of a name, joined with commas; null when the name is not there.</summary>
    public static string? GetValueOrDefault(this IReadOnlyDictionary<string, string[]> values, string name) =>
        GetValueOrDefault(values, name, null);

    /// <summary>The values of a name, joined with commas; the default when the name is not there.</summary>
    public static string? GetValueOrDefault(this IReadOnlyDictionary<string, string[]> values, string name, string? defaultValue) =>
        values is IJoinedValues joined ? joined.Join(name) ?? defaultValue
        : values.TryGetValue(name, out var found) ? string.Join(',', found)
        : defaultValue;

    /// <summary>The value of a name; null when the name is not there.</summary>
    public static string? GetValueOrDefault(this IReadOnlyDictionary<string, string> values, string name) =>
        GetValueOrDefault(values, name, null);

    /// <summary>The value of a name; the default when the name is not there.</summary>
    public static string? GetValueOrDefault(this IReadOnlyDictionary<string, string> values, string name, string? defaultValue) =>
        values.TryGetValue(name, out var value) ? value : defaultValue;

    /// <summary>The value of a key; null when there is none.</summary>
    public static string? GetValueOrDefault(this IDictionary<string, string> values, string name) => GetValueOrDefault(values, name, null);

    /// <summary>The value of a key, or a default when there is none.</summary>
    public static string? GetValueOrDefault(this IDictionary<string, string> values, string name, string? defaultValue) =>
        values.TryGetValue(name, out var value) ? value : defaultValue;

    /// <summary>The value of a key; null when there is none.</summary>
    public static string? GetValueOrDefault(this Dictionary<string, string> values, string name) => GetValueOrDefault(values, name, null);

    /// <summary>The value of a key, or a default when there is none.</summary>
    public static string? GetValueOrDefault(this Dictionary<string, string> values, string name, string? defaultValue) =>
        values.TryGetValue(name, out var value) ? value : defaultValue;
}
