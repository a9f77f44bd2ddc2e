using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>Texts out of a document, made fit for the catalog.</summary>
internal static class DocumentText
{
    private const int MaximumUrl = 2000;

    /// <summary>One line, cut to a length; empty for nothing.</summary>
    public static string Line(string? text, int maximum) =>
        Text(string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), maximum) ?? "";

    /// <summary>The text cut to a length, never through a surrogate pair; null for nothing.</summary>
    public static string? Text(string? text, int maximum)
    {
        if (string.IsNullOrEmpty(text) || text.Length <= maximum)
        {
            return string.IsNullOrEmpty(text) ? null : text;
        }

        return text[..(char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum)];
    }

    /// <summary>The first server's URL with the defaults of its variables; null unless it is an absolute HTTP or web socket URL.</summary>
    public static string? ServiceUrl(OpenApiDocument document)
    {
        if (document.Servers is not [{ Url: { Length: > 0 and <= MaximumUrl } url } server, ..])
        {
            return null;
        }

        foreach (var (name, variable) in (server.Variables ?? new Dictionary<string, OpenApiServerVariable>()).Take(20))
        {
            url = url.Replace($"{{{name}}}", variable?.Default ?? "", StringComparison.Ordinal);
            if (url.Length > MaximumUrl)
            {
                return null;
            }
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" or "ws" or "wss"
            && !url.AsSpan().ContainsAny("{} \t\r\n") && absolute.Host.Length > 0 && absolute.Fragment.Length == 0 ? url : null;
    }
}
