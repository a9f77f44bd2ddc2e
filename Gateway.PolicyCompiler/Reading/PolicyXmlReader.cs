using System.Text;
using System.Xml;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>Text to elements, with positions. Bounded, and nothing outside the text is read.</summary>
internal static class PolicyXmlReader
{
    private const string Whole = "policies";

    /// <summary>The outermost element; null when the text is not well formed or exceeds a bound.</summary>
    public static PolicyElement? Read(string text, PolicyDiagnostics diagnostics, NamedValueFiller namedValues)
    {
        if (Encoding.UTF8.GetByteCount(text) > PolicySource.MaximumBytes)
        {
            diagnostics.Add(new(Whole, 1, 1, $"A policy document may have {PolicySource.MaximumBytes / 1024} KB at most."));
            return null;
        }

        // What stands before the declaration is no XML, but a space costs its author nothing: the positions stay those of the text.
        var source = new SourceText(text);
        var start = text.AsSpan().IndexOfAnyExcept("\uFEFF \t\r\n");
        if (start < 0)
        {
            diagnostics.Add(new(Whole, 1, 1, "The policy document is empty."));
            return null;
        }

        var builder = new TreeBuilder(source, source.Position(start), diagnostics, namedValues);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = PolicySource.MaximumBytes,
        };
        try
        {
            using var reader = XmlReader.Create(new StringReader(text[start..]), settings);
            return builder.Build(reader);
        }
        catch (XmlException e)
        {
            diagnostics.Add(Explain(source, e, builder));
            return null;
        }
    }

    /// <summary>Most texts that are no XML are so because of an expression: then that is what must be said.</summary>
    private static PolicyDiagnostic Explain(SourceText source, XmlException e, TreeBuilder builder)
    {
        var (line, column) = builder.Position(e.LineNumber, e.LinePosition);
        var expression = ExpressionScanner.FindFirst(source.Text);
        if (expression >= 0 && expression <= source.Offset(line, column))
        {
            (line, column) = source.Position(expression);
            return new(ExpressionScanner.ElementAt(source.Text, expression), line, column, PolicyDiagnostics.NoExpressions);
        }

        // The message quotes the text, which holds no value of a named value yet; its end repeats the position.
        var end = e.Message.LastIndexOf(" Line ", StringComparison.Ordinal);
        var message = e.Message.Contains("DTD", StringComparison.Ordinal)
            ? "A policy document may not have a document type declaration."
            : $"The document is not well-formed XML: {(end < 0 ? e.Message : e.Message[..end])}";
        return new(builder.Current, line, column, message);
    }
}
