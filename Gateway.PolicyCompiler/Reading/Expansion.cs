namespace Gateway.PolicyCompiler.Reading;

/// <summary>What is done to the characters of a value besides putting named values in their places.</summary>
[Flags]
internal enum ExpansionOptions
{
    /// <summary>Nothing: an expression in its raw spelling, or a CDATA section.</summary>
    None = 0,

    /// <summary>References such as <c>&amp;lt;</c> become their characters. An ampersand that begins none is itself.</summary>
    References = 1,

    /// <summary>Ends of lines become line feeds, as XML has it for text.</summary>
    LineEnds = 2,

    /// <summary>Ends of lines and tabs become spaces, as XML has it for attributes.</summary>
    Spaces = 4,
}

/// <summary>
/// A part of a document as the value that it stands for, and for each character of it the place in the text that was saved. Made only as
/// far as it is asked for, so that whoever looks for an end need not know it before.
/// </summary>
internal sealed class Expansion(string text, int start, int end, ExpansionOptions options, NamedValueFiller namedValues)
{
    /// <summary>What stands behind the last character.</summary>
    public const int End = -1;

    private readonly List<Run> _runs = [];
    private char[] _characters = new char[Math.Min(end - start, 128)];
    private int _length;
    private int _at = start;

    /// <summary>A character, or <see cref="End"/>.</summary>
    public int this[int index]
    {
        get
        {
            while (index >= _length)
            {
                if (!Read())
                {
                    return End;
                }
            }

            return _characters[index];
        }
    }

    /// <summary>True for a part of a document that stands for itself.</summary>
    public static bool IsAsWritten(ReadOnlySpan<char> written, ExpansionOptions options) =>
        written.IndexOf("{{") < 0
        && !(options.HasFlag(ExpansionOptions.References) && written.Contains('&'))
        && !(options.HasFlag(ExpansionOptions.LineEnds) && written.Contains('\r'))
        && !(options.HasFlag(ExpansionOptions.Spaces) && written.IndexOfAny("\r\n\t") >= 0);

    /// <summary>The first index from one on that is no white space.</summary>
    public int SkipWhiteSpace(int index)
    {
        while (this[index] is var c and not End && char.IsWhiteSpace((char)c))
        {
            index++;
        }

        return index;
    }

    /// <summary>A part of the value, which was read already.</summary>
    public string Slice(int from, int to) => new(_characters, from, to - from);

    /// <summary>All of it.</summary>
    public string All()
    {
        while (Read())
        {
        }

        return Slice(0, _length);
    }

    /// <summary>Where a character stands in the document; that of a named value where its braces are.</summary>
    public int SourceOf(int index)
    {
        if (index >= _length)
        {
            return _at;
        }

        var run = RunOf(index);
        return run.IsNamedValue ? run.Source : run.Source + index - run.Start;
    }

    /// <summary>True for a character that came from a named value.</summary>
    public bool IsNamedValue(int index) => index < _length && RunOf(index).IsNamedValue;

    private Run RunOf(int index)
    {
        var (low, high) = (0, _runs.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _runs[middle].Start <= index ? (middle, high) : (low, middle - 1);
        }

        return _runs[low];
    }

    /// <summary>Reads on; false at the end. May read nothing when a named value is empty.</summary>
    private bool Read()
    {
        if (_at >= end)
        {
            return false;
        }

        var rest = text.AsSpan(_at, end - _at);
        if (rest[0] == '{' && NamedValueFiller.NameAt(rest) is { Length: > 0 } name && namedValues.Value(name.ToString(), _at) is { } value)
        {
            Append(value, name.Length + 4, isNamedValue: true);
        }
        else if (rest[0] == '&' && options.HasFlag(ExpansionOptions.References) && XmlReference.At(rest, out var length) is { } character)
        {
            Append(character, length, isNamedValue: false);
        }
        else
        {
            ReadCharacter(rest);
        }

        return true;
    }

    private void ReadCharacter(ReadOnlySpan<char> rest)
    {
        var isEndOfLine = rest[0] is '\r' or '\n';
        var length = rest.StartsWith("\r\n") ? 2 : 1;
        switch (rest[0])
        {
            case '\r' or '\n' when options.HasFlag(ExpansionOptions.LineEnds):
                Append("\n", length, isNamedValue: false);
                break;
            case '\r' or '\n' or '\t' when options.HasFlag(ExpansionOptions.Spaces):
                Append(" ", isEndOfLine ? length : 1, isNamedValue: false);
                break;
            default:
                Append(rest[..1], 1, isNamedValue: false);
                break;
        }
    }

    private void Append(ReadOnlySpan<char> characters, int written, bool isNamedValue)
    {
        var isContinued = _runs.Count > 0 && !isNamedValue && _runs[^1] is { IsNamedValue: false } last && last.Source + _length - last.Start == _at;
        if (!isContinued && characters.Length > 0)
        {
            _runs.Add(new(_length, _at, isNamedValue));
        }

        if (_length + characters.Length > _characters.Length)
        {
            Array.Resize(ref _characters, Math.Max(2 * _characters.Length, _length + characters.Length));
        }

        characters.CopyTo(_characters.AsSpan(_length));
        _length += characters.Length;
        _at += written;
    }

    /// <summary>Characters from one index on that stand one after the other in the document, or a named value.</summary>
    private readonly record struct Run(int Start, int Source, bool IsNamedValue);
}
