using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// How characters are written in XML. Two spellings are told apart, so that the way back is known: the usual references of what an author
/// typed, and <em>marked</em> ones, numbers with a zero in front that nobody writes, of what stood in a raw document before.
/// </summary>
internal static partial class XmlSpelling
{
    /// <summary>Writes an expression with the usual references.</summary>
    /// <param name="expression">The expression as typed.</param>
    /// <param name="quote">The quote of its attribute; a line feed for a text.</param>
    public static string Escape(ReadOnlySpan<char> expression, char quote)
    {
        var isText = quote == '\n';
        var text = new StringBuilder(expression.Length + 16);
        foreach (var c in expression)
        {
            _ = c switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' when quote == '"' => text.Append("&quot;"),
                '\'' when quote == '\'' => text.Append("&apos;"),
                '\r' => text.Append("&#xD;"),
                '\n' when !isText => text.Append("&#xA;"),
                '\t' when !isText => text.Append("&#x9;"),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }

    /// <summary>Marks every reference of a text; <see cref="Unmark"/> undoes it.</summary>
    public static string Mark(string text) => Reference.Replace(text, match => match.Value switch
    {
        "&amp;" => "&#038;",
        "&lt;" => "&#060;",
        "&gt;" => "&#062;",
        "&quot;" => "&#034;",
        "&apos;" => "&#039;",
        ['&', '#', 'x' or 'X', .. var rest] => $"&#{match.Value[2]}00{rest}",
        ['&', '#', .. var rest] => $"&#00{rest}",
        var other => other,
    });

    /// <summary>The text whose references were marked; null when it has others, or none.</summary>
    public static string? Unmark(string text)
    {
        var isMarked = false;
        var isOther = false;
        var unmarked = Reference.Replace(text, match =>
        {
            var before = match.Value switch
            {
                "&#038;" => "&amp;",
                "&#060;" => "&lt;",
                "&#062;" => "&gt;",
                "&#034;" => "&quot;",
                "&#039;" => "&apos;",
                ['&', '#', '0', '0', _, _, ..] or ['&', '#', 'x' or 'X', '0', '0', _, _, ..] => match.Value.Remove(match.Value.IndexOf('0', StringComparison.Ordinal), 2),
                _ => null,
            };
            isMarked |= before is not null;
            isOther |= before is null;
            return before ?? match.Value;
        });
        return isMarked && !isOther ? unmarked : null;
    }

    /// <summary>Writes what XML does not take in a literal, marked.</summary>
    /// <param name="literal">The text as it stands in the document.</param>
    /// <param name="isRaw">True for a raw document: a reference that looks marked is marked once more.</param>
    public static string Mend(string literal, bool isRaw)
    {
        literal = isRaw ? MarkedLiteral.Replace(literal, MarkOnceMore) : literal;
        var text = new StringBuilder(literal.Length + 16);
        for (var at = 0; at < literal.Length; at++)
        {
            _ = literal[at] switch
            {
                '&' when XmlReference.At(literal.AsSpan(at), out _) is null => text.Append("&#038;"),
                '<' => text.Append("&#060;"),
                '>' when at > 1 && literal[at - 1] == ']' && literal[at - 2] == ']' => text.Append("&#062;"),
                var c => text.Append(c),
            };
        }

        return text.ToString();
    }

    /// <summary>Writes the markup of a template as text, marked; <see cref="Unmend"/> undoes it.</summary>
    public static string MendTemplate(string template) => template
        .Replace("&", "&#038;", StringComparison.Ordinal).Replace("<", "&#060;", StringComparison.Ordinal).Replace(">", "&#062;", StringComparison.Ordinal);

    /// <summary>Undoes <see cref="Mend"/>.</summary>
    public static string Unmend(string literal) => MarkedLiteral.Replace(literal, match => match.Value switch
    {
        "&#038;" => "&",
        "&#060;" => "<",
        "&#062;" => ">",
        var marked => marked.Remove("&#".Length, 1),
    });

    /// <summary>Writes hyphens that XML does not take in a comment, marked.</summary>
    public static string MendComment(string comment, bool isRaw)
    {
        var text = new StringBuilder(isRaw ? MarkedHyphen.Replace(comment, MarkOnceMore) : comment);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            if (text[at] == '-' && (at == text.Length - 1 || (at > 0 && text[at - 1] == '-')))
            {
                text.Remove(at, 1).Insert(at, "&#045;");
            }
        }

        return text.ToString();
    }

    /// <summary>Undoes <see cref="MendComment"/>.</summary>
    public static string UnmendComment(string comment) =>
        MarkedHyphen.Replace(comment, match => match.Value == "&#045;" ? "-" : match.Value.Remove("&#".Length, 1));

    private static string MarkOnceMore(Match reference) => $"&#0{reference.ValueSpan["&#".Length..]}";

    [GeneratedRegex("&(?:amp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9A-Fa-f]+);", RegexOptions.CultureInvariant)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("&#0+(?:38|60|62);", RegexOptions.CultureInvariant)]
    private static partial Regex MarkedLiteral { get; }

    [GeneratedRegex("&#0+45;", RegexOptions.CultureInvariant)]
    private static partial Regex MarkedHyphen { get; }
}
