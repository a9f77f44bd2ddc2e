using System.Text;
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

    private readonly DocumentScan _scan;
    private readonly TreeBuilder _tree;
    private readonly ValueReader _values;
    private readonly NamedValueFiller _namedValues;
    private readonly List<DocumentPart> _parts = [];
    private readonly List<Range> _unjudged = [];

    private PolicyXmlReader(SourceText source, TreeBuilder tree, NamedValueFiller namedValues, bool isRaw)
    {
        _scan = new(source.Text);
        _tree = tree;
        _namedValues = namedValues;
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
        IReadOnlyList<Range> unjudged = [];
        if (Encoding.UTF8.GetByteCount(document.Text) > PolicySource.MaximumBytes)
        {
            diagnostics.Add(new(Whole, 1, 1, $"A policy document may have {PolicySource.MaximumBytes / 1024} KB at most.") { Kind = PolicyFinding.MalformedDocument });
        }
        else
        {
            try
            {
                var reader = new PolicyXmlReader(source, tree, namedValues, document.IsRaw);
                root = reader.ReadDocument();
                (parts, unjudged) = (reader._parts, reader._unjudged);
            }
            catch (MalformedDocumentException e)
            {
                var (line, column) = source.Position(e.Offset);
                diagnostics.Add(new(tree.Current, line, column, e.Message) { Kind = PolicyFinding.MalformedDocument, Path = tree.Path });
            }
        }

        return new(source, root, tree.Expressions, parts, unjudged, namedValues.Used);
    }

    private PolicyElement ReadDocument()
    {
        _scan.CheckCharacters();
        Start();
        while (_scan.At < _scan.Text.Length)
        {
            if (_scan.IsMarkup(_scan.At))
            {
                ReadMarkup();
            }
            else
            {
                Judge(ReadText);
            }
        }

        return _tree.End(_scan.Text.Length);
    }

    /// <summary>What stands before the declaration is no XML, but costs its author nothing.</summary>
    private void Start()
    {
        _scan.At = _scan.Text.AsSpan().IndexOfAnyExcept("\uFEFF \t\r\n");
        if (_scan.At < 0)
        {
            throw new MalformedDocumentException(0, "The policy document is empty.");
        }

        var markup = _scan.Text.IndexOf('<', _scan.At);
        if (markup >= 0 && _scan.IsAt(markup, "<?xml"))
        {
            _scan.At = markup;
        }

        _parts.Add(new(DocumentPartKind.Start, 0, _scan.At));
    }

    private void ReadMarkup()
    {
        if (_scan.IsAt(_scan.At, "<!--"))
        {
            var start = _scan.At + "<!--".Length;
            _scan.At = _scan.After("<!--", "-->", "comment");
            _parts.Add(new(DocumentPartKind.Comment, start, _scan.At - "-->".Length));
        }
        else if (_scan.IsAt(_scan.At, "<![CDATA["))
        {
            Judge(ReadCData);
        }
        else if (_scan.IsAt(_scan.At, "<!"))
        {
            throw _scan.IsAt(_scan.At, "<!DOCTYPE")
                ? new MalformedDocumentException(_scan.At, "A policy document may not have a document type declaration.")
                : MalformedDocumentException.NoXml(_scan.At, "There is no such markup.");
        }
        else if (_scan.IsAt(_scan.At, "<?"))
        {
            _scan.At = _scan.After("<?", "?>", "processing instruction");
        }
        else if (_scan.IsAt(_scan.At, "</"))
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
        var start = ++_scan.At;
        var name = _scan.ReadName();
        if (_tree.HoldsMarkup(name))
        {
            ReadForeign(name, start);
            return;
        }

        _tree.Open(name, start);
        while (true)
        {
            var isSeparate = _scan.SkipSpaces();
            if (_scan.IsAt(_scan.At, "/>"))
            {
                _scan.At += 2;
                _tree.Close();
                return;
            }

            if (_scan.IsAt(_scan.At, ">"))
            {
                _scan.At++;
                Judge(ReadTemplate);
                return;
            }

            if (_scan.At == _scan.Text.Length)
            {
                throw MalformedDocumentException.NoXml(start, $"The start tag of '{_tree.Current}' has no end.");
            }

            if (!isSeparate)
            {
                throw MalformedDocumentException.NoXml(_scan.At, "White space is missing before this attribute, or a quote in the value before it must be written as &quot;.");
            }

            Judge(ReadAttribute);
        }
    }

    /// <summary>An element of another language is text with all of its markup: the policy reads it.</summary>
    private void ReadForeign(string name, int start)
    {
        var tag = _scan.EndOfTag(start);
        var end = tag;
        if (_scan.Text[tag - 2] != '/')
        {
            var close = _scan.Text.IndexOf($"</{name}", tag, StringComparison.Ordinal);
            end = close < 0 ? 0 : _scan.Text.IndexOf('>', close) + 1;
            if (end == 0)
            {
                throw MalformedDocumentException.NoXml(start, $"The start tag of '{name}' has no end tag.");
            }
        }

        _tree.Open(name, start);
        _tree.Text(_values.AsItStands(start - 1, end), start - 1, end);
        _tree.Close();
        _scan.At = end;
    }

    /// <summary>The markup of a template is text, and need not be whole before the template has run.</summary>
    private void ReadTemplate()
    {
        var end = _tree.IsTemplate ? _scan.Text.IndexOf($"</{_tree.Current}", _scan.At, StringComparison.Ordinal) : -1;
        if (end >= 0 && _scan.HasElement(_scan.At, end))
        {
            _tree.Text(_values.AsItStands(_scan.At, end), _scan.At, end);
            _parts.Add(new(DocumentPartKind.Template, _scan.At, end));
            _scan.At = end;
        }
    }

    /// <summary>Reads a part, and notes when it holds a named value of which nothing is known.</summary>
    private void Judge(Action read)
    {
        var (start, unknown) = (_scan.At, _namedValues.Unknown);
        read();
        if (_namedValues.Unknown != unknown)
        {
            _unjudged.Add(start.._scan.At);
        }
    }

    private void ReadAttribute()
    {
        var start = _scan.At;
        var name = _scan.ReadName();
        _scan.SkipSpaces();
        if (!_scan.IsAt(_scan.At, "="))
        {
            throw MalformedDocumentException.NoXml(_scan.At, $"An equals sign is missing after the attribute '{name}'.");
        }

        _scan.At++;
        _scan.SkipSpaces();
        if (!_scan.IsAt(_scan.At, "\"") && !_scan.IsAt(_scan.At, "'"))
        {
            throw MalformedDocumentException.NoXml(_scan.At, $"The value of the attribute '{name}' must stand in quotes.");
        }

        var value = _values.Attribute(_tree.Current, _scan.At);
        _tree.Attribute(name, value, start);
        _parts.Add(new(DocumentPartKind.Attribute, _scan.At + 1, value.End, value.Expression));
        _scan.At = value.End + 1;
    }

    private void ReadEndTag()
    {
        _scan.At += 2;
        var start = _scan.At;
        var name = _scan.ReadName();
        _scan.SkipSpaces();
        if (!_scan.IsAt(_scan.At, ">"))
        {
            throw MalformedDocumentException.NoXml(_scan.At, $"The end tag of '{name}' has no end.");
        }

        _tree.Close(name, start);
        _scan.At++;
    }

    private void ReadText()
    {
        if (_tree.AwaitsText && _values.TextExpression(_tree.Current, _scan.At) is { } value)
        {
            _tree.Expression(value.Expression!);
            _parts.Add(new(DocumentPartKind.Text, _scan.At, value.End, value.Expression));
            _scan.At = value.End;
            return;
        }

        var start = _scan.At;
        do
        {
            var next = _scan.Text.IndexOf('<', _scan.At + 1);
            _scan.At = next < 0 ? _scan.Text.Length : next;
        }
        while (_scan.At < _scan.Text.Length && !_scan.IsMarkup(_scan.At));
        _tree.Text(_values.Text(start, _scan.At), start, _scan.At);
        _parts.Add(new(DocumentPartKind.Text, start, _scan.At));
    }

    private void ReadCData()
    {
        var start = _scan.At + "<![CDATA[".Length;
        _scan.At = _scan.After("<![CDATA[", "]]>", "CDATA section");
        var end = _scan.At - "]]>".Length;
        if (_tree.AwaitsText && _values.CDataExpression(_tree.Current, start, end) is { } value)
        {
            _tree.Expression(value.Expression!);
        }
        else
        {
            _tree.Text(_values.AsItStands(start, end), start, end);
        }
    }
}
