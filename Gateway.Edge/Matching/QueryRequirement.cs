namespace Gateway.Edge.Matching;

/// <summary>A parameter that a request's query must hold for an operation to match.</summary>
/// <param name="Name">The query parameter's name; case does not count.</param>
/// <param name="Value">The value it must have, decoded; null takes any.</param>
/// <param name="Parameter">The template parameter that stands for the value; null when the value is fixed.</param>
internal sealed record QueryRequirement(string Name, string? Value, string? Parameter)
{
    /// <summary>True when the query holds it.</summary>
    public bool IsMet(ReadOnlySpan<char> query) =>
        QueryText.TryFind(query, Name, out var value) && (Value is null || QueryText.IsEqual(value, Value, StringComparison.Ordinal));

    /// <summary>Reads the query part of a template.</summary>
    public static QueryRequirement[] ParseAll(string text) =>
        [.. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static QueryRequirement Parse(string pair)
    {
        var sign = pair.IndexOf('=');
        var name = Decode(sign < 0 ? pair : pair[..sign]);
        var value = sign < 0 ? null : pair[(sign + 1)..];
        return value is ['{', .., '}'] ? new QueryRequirement(name, null, value[1..^1])
            : new QueryRequirement(name, value is null ? null : Decode(value), null);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
