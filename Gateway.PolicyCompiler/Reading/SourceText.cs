namespace Gateway.PolicyCompiler.Reading;

/// <summary>A text with its lines; line and column count from 1, an offset from 0.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lines = [0];

    public SourceText(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                _lines.Add(i + 1);
            }
        }
    }

    public string Text { get; }

    public int Offset(int line, int column) =>
        line < 1 || line > _lines.Count ? Text.Length : Math.Min(_lines[line - 1] + Math.Max(column, 1) - 1, Text.Length);

    public (int Line, int Column) Position(int offset)
    {
        var line = _lines.BinarySearch(offset);
        line = line < 0 ? ~line : line + 1;
        return (line, offset - _lines[line - 1] + 1);
    }
}
