using System.Net;
using System.Text.RegularExpressions;
using Gateway.Contracts.Catalog.Kinds;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>Finds the policy fragments that a text may include: all that it includes, and at worst some more.</summary>
internal static partial class FragmentNames
{
    /// <summary>The distinct ids, in order.</summary>
    /// <param name="text">The document.</param>
    /// <param name="namedValue">The value of a named value, which may be a part of an id; null when there is none.</param>
    public static IReadOnlyList<string> In(string text, Func<string, string?> namedValue)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Match match in Attribute.Matches(text))
        {
            var id = NamedValueNames.Fill(WebUtility.HtmlDecode(match.Groups[1].Value), namedValue).Trim();
            if (IdRule.Length80.Allows(id))
            {
                ids.Add(id);
            }
        }

        return [.. ids];
    }

    [GeneratedRegex("""fragment-id\s*=\s*["']([^"'<>]{1,600})["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Attribute { get; }
}
