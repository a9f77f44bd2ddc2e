namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Reads the values of attributes and texts. A value is an expression when it begins with one after white space, and then it is nothing
/// else. Expressions are written with the references of XML or without them, sometimes in one document, and without them they may hold
/// the very characters that would end the value: so the value is first taken as it ends for XML, and if that is no whole
/// expression, C# says where it ends. In a document whose expressions are said to stand as typed, one is taken with its references only
/// when C# would have code where one of them stands; in a string they are what was typed.
/// </summary>
internal sealed class ValueReader(SourceText source, NamedValueFiller namedValues, bool isRaw = false)
{
    private readonly string _text = source.Text;

    /// <summary>An attribute's value between quotes.</summary>
    /// <param name="element">Its element.</param>
    /// <param name="quote">The offset of the opening quote.</param>
    public ReadValue Attribute(string element, int quote)
    {
        var start = quote + 1;
        var end = _text.IndexOf(_text[quote], start);
        if (end < 0)
        {
            end = _text.Length;
        }

        if (Expression(element, start, end, _text[quote]) is { } expression)
        {
            return expression;
        }

        return end < _text.Length
            ? new(Literal(start, end, ExpansionOptions.References | ExpansionOptions.Spaces), null, end)
            : throw MalformedDocumentException.NoXml(quote, "The value that starts here has no closing quote.");
    }

    /// <summary>A text that is an expression; null when none begins there.</summary>
    public ReadValue? TextExpression(string element, int start)
    {
        var end = _text.IndexOf('<', start);
        return Expression(element, start, end < 0 ? _text.Length : end, '<');
    }

    /// <summary>A literal text.</summary>
    public string Text(int start, int end) => Literal(start, end, ExpansionOptions.References | ExpansionOptions.LineEnds);

    /// <summary>The content of a CDATA section that is an expression; null when it begins with none.</summary>
    public ReadValue? CDataExpression(string element, int start, int end)
    {
        var begin = Begin(start, end, ExpansionOptions.None);
        if (begin < 0)
        {
            return null;
        }

        var content = new Expansion(_text, begin, end, ExpansionOptions.None, namedValues);
        var (match, from) = Match(content);
        if (match.Fault is not null)
        {
            throw Endless(content, from, match);
        }

        var behind = content.SkipWhiteSpace(match.End);
        return content[behind] == Expansion.End ? Whole(element, content, from, match, end) : throw Trailing(content, behind);
    }

    /// <summary>Text as it stands: the markup of a template, or the content of a CDATA section.</summary>
    public string AsItStands(int start, int end) => Literal(start, end, ExpansionOptions.LineEnds);

    /// <summary>Says that something follows an expression in its value.</summary>
    public static MalformedDocumentException Trailing(int offset) =>
        new(offset, "A value that begins with an expression must hold nothing else; this stands behind the expression's end.");

    private ReadValue? Expression(string element, int start, int end, char delimiter)
    {
        var begin = Begin(start, end, ExpansionOptions.References);
        if (begin < 0)
        {
            return null;
        }

        var filled = namedValues.Filled;
        var asXml = new Expansion(_text, begin, end, ExpansionOptions.References, namedValues);
        var (match, from) = Match(asXml);
        if (match.Fault is null && end < _text.Length && asXml[asXml.SkipWhiteSpace(match.End)] == Expansion.End)
        {
            return isRaw && _text.AsSpan(begin, end - begin).Contains('&') && AsTyped(element, begin, end, filled) is { } typed
                ? typed
                : Whole(element, asXml, from, match, end);
        }

        namedValues.Filled = filled;
        var raw = new Expansion(_text, begin, _text.Length, ExpansionOptions.None, namedValues);
        (match, from) = Match(raw);
        if (match.Fault is not null)
        {
            throw Endless(raw, from, match);
        }

        var behind = raw.SkipWhiteSpace(match.End);
        return raw[behind] == delimiter && !raw.IsNamedValue(behind)
            ? Whole(element, raw, from, match, raw.SourceOf(behind))
            : throw Trailing(raw, behind);
    }

    /// <summary>An expression up to where the value ends for XML, without references; null when one stands in its code.</summary>
    private ReadValue? AsTyped(string element, int begin, int end, int filled)
    {
        var filledBefore = namedValues.Filled;
        namedValues.Filled = filled;
        var raw = new Expansion(_text, begin, end, ExpansionOptions.None, namedValues);
        var (match, from) = Match(raw);
        if (match.Fault is null && !match.HasReference && raw[raw.SkipWhiteSpace(match.End)] == Expansion.End)
        {
            return Whole(element, raw, from, match, end);
        }

        namedValues.Filled = filledBefore;
        return null;
    }

    /// <summary>
    /// The offset where an expression begins after white space; -1 when none does. An at sign written as a reference begins none: so an
    /// author can write a text that begins like one.
    /// </summary>
    private int Begin(int start, int end, ExpansionOptions options)
    {
        var filled = namedValues.Filled;
        var value = new Expansion(_text, start, end, options, namedValues);
        var at = value.SkipWhiteSpace(0);
        var begin = ExpressionMatcher.IsStart(value, at) ? value.SourceOf(at) : -1;
        namedValues.Filled = filled;
        return begin < 0 || _text[begin] == '&' ? -1 : begin;
    }

    private string Literal(int start, int end, ExpansionOptions options) => Expansion.IsAsWritten(_text.AsSpan(start, end - start), options)
        ? _text[start..end]
        : new Expansion(_text, start, end, options, namedValues).All();

    private static (ExpressionMatch Match, int Start) Match(Expansion expansion)
    {
        var start = expansion.SkipWhiteSpace(0);
        return (ExpressionMatcher.Match(expansion, start), start);
    }

    private static ReadValue Whole(string element, Expansion expansion, int start, ExpressionMatch match, int end) =>
        new(null, new(element, expansion.Slice(start, match.End), match.Bodies, match.SeesOutcome, expansion, start), end);

    private MalformedDocumentException Endless(Expansion expansion, int start, ExpressionMatch match)
    {
        var (line, column) = source.Position(expansion.SourceOf(match.FaultAt));
        return new(expansion.SourceOf(start), $"The expression that starts here has no end: at line {line}, column {column}, {match.Fault}.");
    }

    private static MalformedDocumentException Trailing(Expansion expansion, int index) => Trailing(expansion.SourceOf(index));
}

/// <summary>A value that was read: a literal or an expression.</summary>
/// <param name="Literal">The text; null for an expression.</param>
/// <param name="Expression">The expression; null for a literal.</param>
/// <param name="End">The offset in the document of what stands behind the value.</param>
internal sealed record ReadValue(string? Literal, ExpressionText? Expression, int End);
