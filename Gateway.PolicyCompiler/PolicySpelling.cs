using System.Text;
using System.Xml;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>
/// Writes documents in the other spelling: <c>xml</c>, where expressions have references and the whole is XML that every reader takes,
/// and <c>rawxml</c>, where expressions stand as typed. The meaning stays the same, and the way back gives the same text: what XML does not
/// take besides expressions, and what was escaped in a raw document already, gets references with a zero in front, by which it is known.
/// </summary>
public static class PolicySpelling
{
    /// <summary>The document as XML. One that is XML already stays as it is, but for what stands before its declaration.</summary>
    /// <param name="text">A document that was read without errors; any other stays as it is.</param>
    /// <param name="isRaw">True when it was saved as <c>rawxml</c>.</param>
    public static string ToXml(string text, bool isRaw) =>
        Respell(text, isRaw, false, part => part switch
        {
            { Expression: { } expression } => ExpressionToXml(text, part, expression, isRaw),
            { Kind: DocumentPartKind.Start } => IsBeforeDeclaration(text, part) ? "" : text[..part.End].Replace("\uFEFF", "", StringComparison.Ordinal),
            { Kind: DocumentPartKind.Comment } => XmlSpelling.MendComment(text[part.Start..part.End], isRaw),
            { Kind: DocumentPartKind.Template } => IsXml(text[part.Start..part.End]) ? text[part.Start..part.End] : XmlSpelling.MendTemplate(text[part.Start..part.End]),
            _ => XmlSpelling.Mend(text[part.Start..part.End], isRaw),
        });

    /// <summary>The document with its expressions as typed.</summary>
    /// <param name="text">A document that was saved as <c>xml</c> and read without errors; any other stays as it is.</param>
    public static string ToRaw(string text) =>
        Respell(text, false, true, part => part switch
        {
            { Expression: { } expression } => ExpressionToRaw(text, part, expression),
            { Kind: DocumentPartKind.Comment } => XmlSpelling.UnmendComment(text[part.Start..part.End]),
            { Kind: DocumentPartKind.Attribute or DocumentPartKind.Text } => XmlSpelling.Unmend(text[part.Start..part.End]),
            _ => text[part.Start..part.End],
        });

    private static string Respell(string text, bool wasRaw, bool isRaw, Func<DocumentPart, string> spell)
    {
        var before = Read(text, wasRaw);
        if (before.Root is not { } root)
        {
            return text;
        }

        var respelled = new StringBuilder(text.Length + (text.Length / 8));
        var at = 0;
        foreach (var part in before.Parts)
        {
            respelled.Append(text.AsSpan(at, part.Start - at)).Append(spell(part));
            at = part.End;
        }

        var result = respelled.Append(text.AsSpan(at)).ToString();
        var after = Read(result, isRaw);
        return after.Root is { } same && IsSame(root, same) && before.Expressions.Select(TextOf).SequenceEqual(after.Expressions.Select(TextOf), StringComparer.Ordinal)
            ? result
            : text;
    }

    private static string ExpressionToXml(string text, DocumentPart part, ExpressionText expression, bool isRaw)
    {
        var written = text[part.Start..part.End];
        var (start, end) = (expression.SourceOf(0), expression.SourceOf(expression.Text.Length));
        var isTyped = text.AsSpan(start, end - start).SequenceEqual(expression.Text);
        return isTyped || written.Contains('<') || XmlSpelling.Mend(written, false) != written
            ? $"{text.AsSpan(part.Start, start - part.Start)}{XmlSpelling.Escape(expression.Text, QuoteOf(text, part))}{text.AsSpan(end, part.End - end)}"
            : isRaw ? XmlSpelling.Mark(written) : written;
    }

    private static string ExpressionToRaw(string text, DocumentPart part, ExpressionText expression)
    {
        var (start, end) = (expression.SourceOf(0), expression.SourceOf(expression.Text.Length));
        return XmlSpelling.Unmark(text[part.Start..part.End])
            ?? $"{text.AsSpan(part.Start, start - part.Start)}{expression.Text}{text.AsSpan(end, part.End - end)}";
    }

    private static char QuoteOf(string text, DocumentPart part) => part.Kind == DocumentPartKind.Attribute ? text[part.Start - 1] : '\n';

    private static bool IsBeforeDeclaration(string text, DocumentPart part) => text.AsSpan(part.End).StartsWith("<?xml", StringComparison.Ordinal);

    private static bool IsXml(string fragment)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(fragment), new() { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    // Named values stay as they stand; that they are not known is nothing to report.
    private static DocumentReading Read(string text, bool isRaw) =>
        PolicyXmlReader.Read(new PolicySource { Text = text, Scope = PolicyScope.Global, IsRaw = isRaw }, new());

    private static string TextOf(ExpressionText expression) => expression.Text;

    private static bool IsSame(PolicyElement one, PolicyElement other) =>
        one.Name == other.Name
        && one.Text?.Value == other.Text?.Value
        && one.Attributes.Select(attribute => (attribute.Name, attribute.Value)).SequenceEqual(other.Attributes.Select(attribute => (attribute.Name, attribute.Value)))
        && one.Children.Count == other.Children.Count
        && one.Children.Zip(other.Children).All(pair => IsSame(pair.First, pair.Second));
}
