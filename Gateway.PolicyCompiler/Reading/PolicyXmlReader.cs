using System.Text;
using System.Xml;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Text to elements, with positions. Reads XML, and what authors of policies write instead: expressions with quotes, angle brackets and
/// ampersands, bare ampersands, comments with two hyphens, something before the declaration. Linear in the length of the text,
/// bounded, and nothing outside the text is read.
/// </summary>
internal sealed class PolicyXmlReader
{
    /// <summary>The element that is named when the document as a whole is at fault.</summary>
    public const string Whole = "policies";

    private readonly string _text;
    private readonly TreeBuilder _tree;
    private readonly ValueReader _values;
    private readonly List<DocumentPart> _parts = [];
    private int _at;

    private PolicyXmlReader(SourceText source, TreeBuilder tree, NamedValueFiller namedValues, bool isRaw)
    {
        _text = source.Text;
        _tree = tree;
        _values = new(source, namedValues, isRaw);
    }

    /// <summary>Reads a document; its root is null when the text is not well formed or exceeds a bound.</summary>
    public static DocumentReading Read(PolicySource document, PolicyDiagnostics diagnostics)
    {
        var source = new SourceText(document.Text);
        var namedValues = new NamedValueFiller(document, source, diagnostics);
        var tree = new TreeBuilder(source, namedValues);
        PolicyElement? root = null;
        IReadOnlyList<DocumentPart> parts = [];
        if (Encoding.UTF8.GetByteCount(document.Text) > PolicySource.MaximumBytes)
        {
            diagnostics.Add(new(Whole, 1, 1, $"A policy document may have {PolicySource.MaximumBytes / 1024} KB at most."));
        }
        else
        {
            try
            {
                var reader = new PolicyXmlReader(source, tree, namedValues, document.IsRaw);
                root = reader.ReadDocument();
                parts = reader._parts;
            }
            catch (MalformedDocumentException e)
            {
                var (line, column) = source.Position(e.Offset);
                diagnostics.Add(new(tree.Current, line, column, e.Message));
            }
        }

        return new(source, root, tree.Expressions, parts, namedValues.Used);
    }

    private PolicyElement ReadDocument()
    {
        CheckCharacters();
        Start();
        while (_at < _text.Length)
        {
            if (IsMarkup(_at))
            {
                ReadMarkup();
            }
            else
            {
                ReadText();
            }
        }

        return _tree.End(_text.Length);
    }

    private void CheckCharacters()
    {
        for (var i = 0; i < _text.Length; i++)
        {
            if (char.IsHighSurrogate(_text[i]) && i + 1 < _text.Length && char.IsLowSurrogate(_text[i + 1]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(_text[i]))
            {
                throw MalformedDocumentException.NoXml(i, $"The character U+{(int)_text[i]:X4} may not stand in XML.");
            }
        }
    }

    /// <summary>What stands before the declaration is no XML, but costs its author nothing.</summary>
    private void Start()
    {
        _at = _text.AsSpan().IndexOfAnyExcept("\uFEFF \t\r\n");
        if (_at < 0)
        {
            throw new MalformedDocumentException(0, "The policy document is empty.");
        }

        var markup = _text.IndexOf('<', _at);
        if (markup >= 0 && At(markup, "<?xml"))
        {
            _at = markup;
        }

        _parts.Add(new(DocumentPartKind.Start, 0, _at));
    }

    private void ReadMarkup()
    {
        if (At(_at, "<!--"))
        {
            var start = _at + "<!--".Length;
            _at = After("<!--", "-->", "comment");
            _parts.Add(new(DocumentPartKind.Comment, start, _at - "-->".Length));
        }
        else if (At(_at, "<![CDATA["))
        {
            ReadCData();
        }
        else if (At(_at, "<!"))
        {
            throw At(_at, "<!DOCTYPE")
                ? new MalformedDocumentException(_at, "A policy document may not have a document type declaration.")
                : MalformedDocumentException.NoXml(_at, "There is no such markup.");
        }
        else if (At(_at, "<?"))
        {
            _at = After("<?", "?>", "processing instruction");
        }
        else if (At(_at, "</"))
        {
            ReadEndTag();
        }
        else
        {
            ReadStartTag();
        }
    }

    private void ReadStartTag()
    {
        var start = ++_at;
        _tree.Open(ReadName(), start);
        while (true)
        {
            var isSeparate = SkipSpaces();
            if (At(_at, "/>"))
            {
                _at += 2;
                _tree.Close();
                return;
            }

            if (At(_at, ">"))
            {
                _at++;
                ReadTemplate();
                return;
            }

            if (_at == _text.Length)
            {
                throw MalformedDocumentException.NoXml(start, $"The start tag of '{_tree.Current}' has no end.");
            }

            if (!isSeparate)
            {
                throw MalformedDocumentException.NoXml(_at, "White space is missing before this attribute, or a quote in the value before it must be written as &quot;.");
            }

            ReadAttribute();
        }
    }

    /// <summary>The markup of a template is text, and need not be whole before the template has run.</summary>
    private void ReadTemplate()
    {
        var end = _tree.IsTemplate ? _text.IndexOf($"</{_tree.Current}", _at, StringComparison.Ordinal) : -1;
        if (end >= 0 && HasElement(_at, end))
        {
            _tree.Text(_values.AsItStands(_at, end), _at, end);
            _parts.Add(new(DocumentPartKind.Template, _at, end));
            _at = end;
        }
    }

    private bool HasElement(int from, int to)
    {
        var at = from;
        while ((at = _text.IndexOf('<', at)) >= 0 && at < to)
        {
            if (IsNameStart(_text[at + 1]))
            {
                return true;
            }

            var end = At(at, "<!--") ? "-->" : At(at, "<![CDATA[") ? "]]>" : "<";
            at = _text.IndexOf(end, at, StringComparison.Ordinal) + end.Length;
            if (at < end.Length)
            {
                return false;
            }
        }

        return false;
    }

    private void ReadAttribute()
    {
        var start = _at;
        var name = ReadName();
        SkipSpaces();
        if (!At(_at, "="))
        {
            throw MalformedDocumentException.NoXml(_at, $"An equals sign is missing after the attribute '{name}'.");
        }

        _at++;
        SkipSpaces();
        if (!At(_at, "\"") && !At(_at, "'"))
        {
            throw MalformedDocumentException.NoXml(_at, $"The value of the attribute '{name}' must stand in quotes.");
        }

        var value = _values.Attribute(_tree.Current, _at);
        _tree.Attribute(name, value, start);
        _parts.Add(new(DocumentPartKind.Attribute, _at + 1, value.End, value.Expression));
        _at = value.End + 1;
    }

    private void ReadEndTag()
    {
        _at += 2;
        var start = _at;
        var name = ReadName();
        SkipSpaces();
        if (!At(_at, ">"))
        {
            throw MalformedDocumentException.NoXml(_at, $"The end tag of '{name}' has no end.");
        }

        _tree.Close(name, start);
        _at++;
    }

    private void ReadText()
    {
        if (_tree.AwaitsText && _values.TextExpression(_tree.Current, _at) is { } value)
        {
            _tree.Expression(value.Expression!);
            _parts.Add(new(DocumentPartKind.Text, _at, value.End, value.Expression));
            _at = value.End;
            return;
        }

        var start = _at;
        do
        {
            var next = _text.IndexOf('<', _at + 1);
            _at = next < 0 ? _text.Length : next;
        }
        while (_at < _text.Length && !IsMarkup(_at));
        _tree.Text(_values.Text(start, _at), start, _at);
        _parts.Add(new(DocumentPartKind.Text, start, _at));
    }

    private void ReadCData()
    {
        var start = _at + "<![CDATA[".Length;
        _at = After("<![CDATA[", "]]>", "CDATA section");
        var end = _at - "]]>".Length;
        if (_tree.AwaitsText && _values.CDataExpression(_tree.Current, start, end) is { } value)
        {
            _tree.Expression(value.Expression!);
        }
        else
        {
            _tree.Text(_values.AsItStands(start, end), start, end);
        }
    }

    /// <summary>A bare angle bracket is text unless what it begins could be markup.</summary>
    private bool IsMarkup(int at) => _text[at] == '<' && at + 1 < _text.Length
        && (_text[at + 1] is '/' or '!' or '?' || IsNameStart(_text[at + 1]));

    private string ReadName()
    {
        var start = _at;
        if (_at < _text.Length && IsNameStart(_text[_at]))
        {
            while (_at < _text.Length && (XmlConvert.IsNCNameChar(_text[_at]) || _text[_at] == ':'))
            {
                _at++;
            }
        }

        return _at > start ? _text[start.._at] : throw MalformedDocumentException.NoXml(start, "A name is missing here.");
    }

    private static bool IsNameStart(char c) => XmlConvert.IsStartNCNameChar(c) || c == ':';

    private bool SkipSpaces()
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        return _at > start;
    }

    private bool At(int at, string token) => string.CompareOrdinal(_text, at, token, 0, token.Length) == 0;

    private int After(string start, string end, string what)
    {
        var found = _text.IndexOf(end, _at + start.Length, StringComparison.Ordinal);
        return found >= 0 ? found + end.Length : throw MalformedDocumentException.NoXml(_at, $"The {what} that starts here has no end.");
    }
}
