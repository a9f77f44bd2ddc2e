using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Names in any case with their values. Whoever reads gets arrays of their own.</summary>
internal sealed class ValueLists(Dictionary<string, string[]> values) : IReadOnlyDictionary<string, string[]>, IJoinedValues
{
    public static ValueLists Empty { get; } = new([]);

    public IEnumerable<string> Keys => values.Keys.Select(key => key);

    public IEnumerable<string[]> Values => values.Values.Select(Copy);

    public int Count => values.Count;

    public string[] this[string key] => Copy(values[key]);

    public string? Join(string name) => !values.TryGetValue(name, out var found) ? null : found is [var only] ? only : string.Join(',', found);

    public bool ContainsKey(string key) => values.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string[] value)
    {
        value = values.TryGetValue(key, out var found) ? Copy(found) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator() =>
        values.Select(pair => KeyValuePair.Create(pair.Key, Copy(pair.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string[] Copy(string[] found) => [.. found];
}
