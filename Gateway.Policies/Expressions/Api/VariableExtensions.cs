namespace Gateway.Policies.Expressions.Api;

/// <summary>Variables with defaults.</summary>
public static class VariableExtensions
{
    /// <summary>The variable of a name; null when it is not set.</summary>
    public static object? GetValueOrDefault(this IReadOnlyDictionary<string, object> variables, string name) =>
        variables.TryGetValue(name, out var value) ? value : null;

    /// <summary>The variable of a name; <c>default(T)</c> when it is not set or null.</summary>
    /// <exception cref="InvalidCastException">It is no <typeparamref name="T"/>.</exception>
    public static T? GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> variables, string name) =>
        variables.TryGetValue(name, out var value) && value is not null ? (T)value : default;

    /// <summary>The variable of a name; the default when it is not set or null.</summary>
    /// <exception cref="InvalidCastException">It is no <typeparamref name="T"/>.</exception>
    public static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> variables, string name, T defaultValue) =>
        variables.TryGetValue(name, out var value) && value is not null ? (T)value : defaultValue;
}
