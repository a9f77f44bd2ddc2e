using System.Text.RegularExpressions;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Texts with <c>{{name}}</c> in them.</summary>
internal static partial class NamedValueText
{
    /// <summary>Puts values in the place of names, notes the names, and leaves names without a value as they are.</summary>
    public static string Expand(string text, Func<string, string?> valueOf, ISet<string> used) =>
        text.Contains("{{", StringComparison.Ordinal)
            ? Reference.Replace(text, match =>
            {
                used.Add(match.Groups[1].Value);
                return valueOf(match.Groups[1].Value) ?? match.Value;
            })
            : text;

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9._-]+)\s*\}\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference { get; }
}
