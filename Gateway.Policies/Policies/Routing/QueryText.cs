using System.Text;

namespace Gateway.Policies.Policies.Routing;

/// <summary>Escaped queries as text.</summary>
internal static class QueryText
{
    /// <summary>The query without the parameters of these names (any case); the same string when none goes.</summary>
    public static string Without(string query, IReadOnlyList<string> names)
    {
        if (names.Count == 0 || query.Length < 2)
        {
            return query;
        }

        var kept = new StringBuilder(query.Length);
        foreach (var range in query.AsSpan(1).Split('&'))
        {
            var pair = query.AsSpan(1)[range];
            if (pair.Length > 0 && !IsOneOf(names, pair))
            {
                kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
            }
        }

        return kept.ToString();
    }

    /// <summary>True when the query has a parameter of that name, in any case.</summary>
    public static bool Has(string query, string name)
    {
        foreach (var range in Pairs(query).Split('&'))
        {
            var pair = Pairs(query)[range];
            if (pair.Length > 0 && IsOneOf([name], pair))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Two queries, each with its question mark or empty, as one.</summary>
    public static string Join(string first, string second) =>
        first.Length < 2 ? second : second.Length < 2 ? first : $"{first}&{second.AsSpan(1)}";

    private static ReadOnlySpan<char> Pairs(string query) => query.Length == 0 ? default : query.AsSpan(1);

    /// <summary>True when a parameter, with its value, has one of these names, in any case.</summary>
    public static bool IsOneOf(IReadOnlyList<string> names, ReadOnlySpan<char> pair)
    {
        var end = pair.IndexOf('=');
        var escaped = end < 0 ? pair : pair[..end];
        var name = escaped.ContainsAny('%', '+') ? Uri.UnescapeDataString(escaped.ToString().Replace('+', ' ')) : escaped;
        for (var i = 0; i < names.Count; i++)
        {
            if (name.Equals(names[i], StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
