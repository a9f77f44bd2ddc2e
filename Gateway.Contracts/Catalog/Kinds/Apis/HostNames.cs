using System.Globalization;

namespace Gateway.Contracts.Catalog.Kinds.Apis;

/// <summary>Rules for the host names of an API.</summary>
internal static class HostNames
{
    /// <summary>The longest name, in characters.</summary>
    public const int Longest = 253;

    private const int LongestLabel = 63;
    private const string Wildcard = "*.";

    /// <summary>The one spelling of a name: lower case, in ASCII; a text that is no name stays as it is.</summary>
    public static string Normalize(string text)
    {
        var lower = text.ToLowerInvariant();
        if (lower.All(char.IsAscii))
        {
            return lower;
        }

        try
        {
            return lower.StartsWith(Wildcard, StringComparison.Ordinal) ? Wildcard + Ascii(lower[Wildcard.Length..]) : Ascii(lower);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    /// <summary>Null when the text is a name or a wildcard, else what it must be.</summary>
    public static string? Check(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || text.Contains('/'))
        {
            return "must be a host name, not a URL.";
        }

        if (text.Contains(':'))
        {
            return "must be a host name without a port; IPv6 addresses cannot be given.";
        }

        var name = text.StartsWith(Wildcard, StringComparison.Ordinal) ? text[Wildcard.Length..] : text;
        return name.Contains('*') ? "must have '*' as its whole first label or not at all, as in '*.example.com'."
            : name.Split('.').All(IsLabel) ? null
            : $"must be a host name: labels of 1 to {LongestLabel} letters, digits, '-' and '_' with dots between them, none with '-' at an end.";
    }

    private static string Ascii(string name) => new IdnMapping().GetAscii(name);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel && !label.StartsWith('-') && !label.EndsWith('-')
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
