using System.Text;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>Builds the elements of one document, within the bounds of a tree.</summary>
internal sealed class TreeBuilder(SourceText source, NamedValueFiller namedValues)
{
    private readonly Stack<OpenElement> _open = new();
    private readonly List<ExpressionText> _expressions = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private PolicyElement? _root;
    private int _elements;

    /// <summary>The element that is being read.</summary>
    public string Current => _open.TryPeek(out var element) ? element.Name : PolicyXmlReader.Whole;

    /// <summary>The element that is being read with those around it; empty outside of all.</summary>
    public string Path => string.Join('/', _open.Reverse().Select(element => element.Name));

    /// <summary>True when the open element has no text yet but white space.</summary>
    public bool AwaitsText => _open.TryPeek(out var element) && element.TextStart < 0;

    /// <summary>True when the text of the open element is a template.</summary>
    public bool IsTemplate => _open.TryPeek(out var element) && element.IsTemplate;

    /// <summary>True when an element in the open one is of another language, which the policy reads: a stylesheet, or what players of Flash read.</summary>
    public bool HoldsMarkup(string name) => Current switch
    {
        "xsl-transform" => name[(name.IndexOf(':') + 1)..] is "stylesheet" or "transform",
        "cross-domain" => name == "cross-domain-policy",
        _ => false,
    };

    /// <summary>Every expression at every place, in the order of the document.</summary>
    public IReadOnlyList<ExpressionText> Expressions => _expressions;

    /// <summary>Begins an element.</summary>
    public void Open(string name, int offset)
    {
        if (_root is not null)
        {
            throw MalformedDocumentException.NoXml(offset, "There may be only one outermost element.");
        }

        _open.Push(new() { Name = name, Offset = offset });
        Tell();
        if (++_elements > PolicyTree.MaximumElements)
        {
            throw new MalformedDocumentException(offset, $"A policy document may have {PolicyTree.MaximumElements} elements at most.");
        }

        if (_open.Count > PolicyTree.MaximumDepth)
        {
            throw new MalformedDocumentException(offset, $"Elements may be nested {PolicyTree.MaximumDepth} deep at most.");
        }
    }

    /// <summary>Adds an attribute to the open element.</summary>
    public void Attribute(string name, ReadValue value, int offset)
    {
        var element = _open.Peek();
        if (!element.Names.Add(name))
        {
            throw MalformedDocumentException.NoXml(offset, $"'{name}' is a duplicate attribute name.");
        }

        if (element.Names.Count > PolicyTree.MaximumAttributes)
        {
            throw new MalformedDocumentException(offset, $"An element may have {PolicyTree.MaximumAttributes} attributes at most.");
        }

        if (name == "xmlns" || name.StartsWith("xmlns:", StringComparison.Ordinal))
        {
            return;
        }

        var (line, column) = source.Position(offset);
        element.Attributes.Add(new(name, value.Expression is { } expression ? Slot(expression) : PolicyValue.FromLiteral(value.Literal!), line, column));
        if (name == "template" && element.Name == "set-body" && value.Literal?.Trim() == "liquid")
        {
            element.IsTemplate = true;
            Tell();
        }
    }

    /// <summary>Adds text to the open element.</summary>
    public void Text(string text, int start, int end)
    {
        var isBlank = string.IsNullOrWhiteSpace(text);
        if (!_open.TryPeek(out var element))
        {
            if (!isBlank)
            {
                throw MalformedDocumentException.NoXml(FirstWritten(start, end), "Text may not stand outside of the outermost element.");
            }

            return;
        }

        if (element.Slot is not null)
        {
            if (!isBlank)
            {
                throw ValueReader.Trailing(FirstWritten(start, end));
            }

            return;
        }

        element.Text.Append(text);
        if (!isBlank && element.TextStart < 0)
        {
            element.TextStart = FirstWritten(start, end);
        }
    }

    /// <summary>Makes an expression the text of the open element.</summary>
    public void Expression(ExpressionText expression)
    {
        var element = _open.Peek();
        element.Slot = Slot(expression);
        element.TextStart = expression.SourceOf(0);
    }

    /// <summary>Ends the open element by an end tag.</summary>
    public void Close(string name, int offset)
    {
        if (!_open.TryPeek(out var element))
        {
            throw MalformedDocumentException.NoXml(offset, $"No element is open that the end tag of '{name}' could end.");
        }

        if (element.Name != name)
        {
            var (line, column) = source.Position(element.Offset);
            throw MalformedDocumentException.NoXml(offset, $"The '{element.Name}' start tag at line {line}, column {column} does not match the end tag of '{name}'.");
        }

        Close();
    }

    /// <summary>Ends the open element.</summary>
    public void Close()
    {
        var open = _open.Pop();
        var (line, column) = source.Position(open.Offset);
        var element = new PolicyElement
        {
            Name = open.Name,
            Line = line,
            Column = column,
            Attributes = [.. open.Attributes],
            Children = [.. open.Children],
            Text = TextOf(open),
        };
        if (_open.TryPeek(out var parent))
        {
            parent.Children.Add(element);
        }
        else
        {
            _root = element;
        }

        Tell();
    }

    /// <summary>Gives the outermost element at the end of the text.</summary>
    public PolicyElement End(int offset)
    {
        if (_open.TryPeek(out var element))
        {
            var (line, column) = source.Position(element.Offset);
            throw MalformedDocumentException.NoXml(offset, $"The text ends before the element '{element.Name}' of line {line}, column {column} does.");
        }

        return _root ?? throw MalformedDocumentException.NoXml(offset, "There is no outermost element.");
    }

    private PolicyText? TextOf(OpenElement element)
    {
        if (element.TextStart < 0)
        {
            return null;
        }

        var (line, column) = source.Position(element.TextStart);
        return new(element.Slot ?? PolicyValue.FromLiteral(element.Text.ToString()), line, column);
    }

    private PolicyValue Slot(ExpressionText expression)
    {
        if (expression.Text.Length > PolicySource.MaximumExpressionLength)
        {
            throw new MalformedDocumentException(expression.SourceOf(0), $"An expression may have {PolicySource.MaximumExpressionLength} characters at most.");
        }

        _expressions.Add(expression);
        if (_slots.TryAdd(expression.Text, _slots.Count) && _slots.Count > PolicySource.MaximumExpressions)
        {
            throw new MalformedDocumentException(expression.SourceOf(0), $"A policy document may have {PolicySource.MaximumExpressions} different expressions at most.");
        }

        return PolicyValue.FromSlot(_slots[expression.Text], expression.Bodies, expression.SeesOutcome);
    }

    private int FirstWritten(int start, int end)
    {
        var blank = source.Text.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r\n");
        return start + Math.Max(blank, 0);
    }

    private void Tell()
    {
        namedValues.Element = Current;
        namedValues.InTemplate = IsTemplate;
    }

    /// <summary>An element whose end tag has not come yet.</summary>
    private sealed class OpenElement
    {
        public required string Name { get; init; }

        public required int Offset { get; init; }

        /// <summary>True when its text is a template.</summary>
        public bool IsTemplate { get; set; }

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public List<PolicyAttribute> Attributes { get; } = [];

        public List<PolicyElement> Children { get; } = [];

        public StringBuilder Text { get; } = new();

        /// <summary>The text when it is an expression.</summary>
        public PolicyValue? Slot { get; set; }

        /// <summary>The offset of the first character of the text that is no white space; -1 before it.</summary>
        public int TextStart { get; set; } = -1;
    }
}
