using System.Text;
using System.Xml;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>Builds the elements of one document from its XML nodes.</summary>
internal sealed class TreeBuilder(
    SourceText source, (int Line, int Column) origin, PolicyDiagnostics diagnostics, NamedValueFiller namedValues)
{
    private readonly Stack<OpenElement> _open = new();
    private int _elements;
    private int _slots;

    /// <summary>The element that is being read.</summary>
    public string Current => _open.TryPeek(out var element) ? element.Name : "policies";

    /// <summary>A position of the reader, which began at the origin, in the text.</summary>
    public (int Line, int Column) Position(int line, int column) => line < 1
        ? origin
        : (line + origin.Line - 1, line == 1 ? column + origin.Column - 1 : column);

    /// <summary>Reads to the end.</summary>
    /// <returns>The outermost element; null after an error that stops reading.</returns>
    public PolicyElement? Build(XmlReader reader)
    {
        PolicyElement? root = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var isEmpty = reader.IsEmptyElement;
                    if (!TryOpen(reader))
                    {
                        return null;
                    }

                    root = isEmpty ? Close() ?? root : root;
                    break;
                case XmlNodeType.EndElement:
                    root = Close() ?? root;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace
                    when _open.TryPeek(out var element):
                    element.AddText(reader.Value, Here(reader));
                    break;
            }
        }

        return root;
    }

    private bool TryOpen(XmlReader reader)
    {
        var (line, column) = Here(reader);
        var element = new OpenElement { Name = reader.Name, Line = line, Column = column };
        var bound = ++_elements > PolicyTree.MaximumElements ? $"A policy document may have {PolicyTree.MaximumElements} elements at most."
            : reader.Depth >= PolicyTree.MaximumDepth ? $"Elements may be nested {PolicyTree.MaximumDepth} deep at most."
            : reader.AttributeCount > PolicyTree.MaximumAttributes ? $"An element may have {PolicyTree.MaximumAttributes} attributes at most."
            : null;
        if (bound is not null)
        {
            diagnostics.Add(new(element.Name, line, column, bound));
            return false;
        }

        _open.Push(element);
        while (reader.MoveToNextAttribute())
        {
            var (attributeLine, attributeColumn) = Here(reader);
            var (name, value) = (reader.Name, reader.Value);
            var start = reader.ReadAttributeValue() ? Here(reader) : (attributeLine, attributeColumn);
            if (name != "xmlns" && !name.StartsWith("xmlns:", StringComparison.Ordinal))
            {
                element.Attributes.Add(new(name, Value(value, element, start), attributeLine, attributeColumn));
            }
        }

        reader.MoveToElement();
        return true;
    }

    /// <returns>The element when it was the outermost.</returns>
    private PolicyElement? Close()
    {
        var open = _open.Pop();
        var text = open.HasText ? new PolicyText(Value(open.Text.ToString(), open, open.TextStart), open.TextStart.Line, open.TextStart.Column) : null;
        var element = new PolicyElement
        {
            Name = open.Name,
            Line = open.Line,
            Column = open.Column,
            Attributes = [.. open.Attributes],
            Children = [.. open.Children],
            Text = text,
        };
        if (_open.TryPeek(out var parent))
        {
            parent.Children.Add(element);
            return null;
        }

        return element;
    }

    private PolicyValue Value(string written, OpenElement element, (int Line, int Column) start)
    {
        var value = namedValues.Fill(
            written,
            name => Missing(name, element, start),
            () => diagnostics.Add(new(
                element.Name, start.Line, start.Column, $"The named values of a policy document may have {PolicySource.MaximumBytes / 1024} KB at most, together.")));
        if (!ExpressionScanner.IsExpression(value))
        {
            return PolicyValue.FromLiteral(value);
        }

        var at = source.Offset(start.Line, start.Column);
        while (at < source.Text.Length && char.IsWhiteSpace(source.Text[at]))
        {
            at++;
        }

        var (line, column) = source.Position(at);
        diagnostics.Add(new(element.Name, line, column, PolicyDiagnostics.NoExpressions));
        return PolicyValue.FromSlot(_slots++);
    }

    private void Missing(string name, OpenElement element, (int Line, int Column) start)
    {
        var at = source.Text.IndexOf($"{{{{{name}}}}}", source.Offset(start.Line, start.Column), StringComparison.Ordinal);
        var (line, column) = at < 0 ? start : source.Position(at);
        diagnostics.Add(new(element.Name, line, column, $"There is no named value '{name}'."));
    }

    private (int Line, int Column) Here(XmlReader reader)
    {
        var info = (IXmlLineInfo)reader;
        return Position(info.LineNumber, info.LinePosition);
    }

    /// <summary>An element whose end tag has not come yet.</summary>
    private sealed class OpenElement
    {
        public required string Name { get; init; }

        public required int Line { get; init; }

        public required int Column { get; init; }

        public List<PolicyAttribute> Attributes { get; } = [];

        public List<PolicyElement> Children { get; } = [];

        public StringBuilder Text { get; } = new();

        public bool HasText { get; private set; }

        /// <summary>The first character of the text that is no white space.</summary>
        public (int Line, int Column) TextStart { get; private set; }

        public void AddText(string text, (int Line, int Column) at)
        {
            Text.Append(text);
            if (HasText || string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            HasText = true;
            foreach (var c in text.TakeWhile(char.IsWhiteSpace))
            {
                at = c == '\n' ? (at.Line + 1, 1) : (at.Line, at.Column + 1);
            }

            TextStart = at;
        }
    }
}
