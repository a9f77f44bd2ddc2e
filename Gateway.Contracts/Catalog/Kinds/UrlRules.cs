namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>Rules for texts that become part of HTTP messages: null when the text is fine, else what it must be.</summary>
internal static class UrlRules
{
    private const string TokenSymbols = "!#$%&'*+-.^_`|~";

    public static string? Check(string text, params ReadOnlySpan<string> schemes)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c))
            {
                return "must be a URL without white space and control characters.";
            }
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 && url.Fragment.Length == 0)
        {
            foreach (var scheme in schemes)
            {
                if (url.Scheme == scheme)
                {
                    return null;
                }
            }
        }

        return $"must be an absolute URL ({string.Join(", ", schemes!)}) without a fragment.";
    }

    public static string? CheckToken(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || TokenSymbols.Contains(c))
            ? null
            : $"must consist of ASCII letters, digits and {TokenSymbols}";

    public static string? CheckHeaderValue(string text) =>
        text.Any(c => c is < ' ' or > '~') ? "must consist of printable ASCII characters." : null;
}
