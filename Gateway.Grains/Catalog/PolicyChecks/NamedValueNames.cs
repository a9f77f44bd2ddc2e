using System.Text.RegularExpressions;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>Finds the named values that a text names as <c>{{name}}</c>.</summary>
internal static partial class NamedValueNames
{
    /// <summary>The distinct names, without regard to case, in order.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Name.Matches(text))
        {
            names.Add(match.Groups[1].Value);
        }

        return [.. names];
    }

    /// <summary>The text with the values in the places of their names.</summary>
    public static string Fill(string text, Func<string, string?> valueOf) => Name.Replace(text, match => valueOf(match.Groups[1].Value) ?? match.Value);

    [GeneratedRegex(@"\{\{([A-Za-z0-9._-]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }
}
