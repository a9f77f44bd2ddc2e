using System.Globalization;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Finds the end of an expression as C# would: brackets within strings, characters and comments count for nothing, and the holes of
/// interpolated strings are code again. Linear in the length of the expression; what is open is kept on a bounded stack of its own.
/// </summary>
internal sealed class ExpressionMatcher
{
    private const int MaximumDepth = 256;

    private readonly Expansion _text;
    private readonly Stack<Open> _open = new();
    private readonly ExpressionBodies _bodies = new();
    private int _at;
    private bool _hasReference;
    private string? _fault;
    private int _faultAt;

    private ExpressionMatcher(Expansion text, int start)
    {
        _text = text;
        _at = start + 1;
    }

    private enum Kind
    {
        Code,
        Hole,
        Format,
        Literal,
    }

    /// <summary>True when an expression begins at an index: <c>@(</c> or <c>@{</c>.</summary>
    public static bool IsStart(Expansion text, int index) => text[index] == '@' && text[index + 1] is '(' or '{';

    /// <summary>Matches the expression that begins at an index.</summary>
    public static ExpressionMatch Match(Expansion text, int start) => new ExpressionMatcher(text, start).Run();

    private ExpressionMatch Run()
    {
        OpenBracket();
        while (_fault is null && _open.TryPeek(out var open))
        {
            switch (open.Kind)
            {
                case Kind.Literal:
                    StepLiteral(open);
                    break;
                case Kind.Format:
                    StepFormat(open);
                    break;
                default:
                    StepCode(open);
                    break;
            }
        }

        return _fault is null
            ? new() { End = _at, Bodies = _bodies.Use, SeesOutcome = _bodies.SeesOutcome, HasReference = _hasReference }
            : new() { End = -1, Fault = _fault, FaultAt = _faultAt };
    }

    private void StepCode(Open open)
    {
        switch (_text[_at])
        {
            case Expansion.End:
                Fail("a bracket is not closed", open.Start);
                break;
            case '(' or '[' or '{':
                OpenBracket();
                break;
            case ')' or ']' or '}':
                CloseBracket(open);
                break;
            case '"':
                OpenLiteral(new() { Kind = Kind.Literal, Start = _at }, 0);
                break;
            case '$' or '@':
                StepPrefix();
                break;
            case '\'':
                SkipCharacter();
                break;
            case '&':
                _hasReference |= IsReference();
                _at++;
                break;
            case '/' when _text[_at + 1] == '/':
                SkipUntilLineEnd();
                break;
            case '/' when _text[_at + 1] == '*':
                SkipComment();
                break;
            case ':' when open.Kind == Kind.Hole && _text[_at + 1] != ':' && _text[_at - 1] != ':':
                _open.Pop();
                _open.Push(open with { Kind = Kind.Format });
                _at++;
                break;
            case var c when c == '\\' || IsFormat(c):
                _bodies.SawEscape();
                _at++;
                break;
            case var c when IsWord(c):
                SkipWord();
                break;
            default:
                _at++;
                break;
        }
    }

    private bool IsReference()
    {
        Span<char> text = stackalloc char[XmlReference.Longest];
        var length = 0;
        while (length < text.Length && _text[_at + length] is var c and not Expansion.End)
        {
            text[length++] = (char)c;
        }

        return XmlReference.At(text[..length], out _) is not null;
    }

    private void OpenBracket()
    {
        Push(new() { Kind = Kind.Code, Start = _at, Close = _text[_at] switch { '(' => ')', '[' => ']', _ => '}' } });
        _at++;
    }

    private void CloseBracket(Open open)
    {
        var length = open.Kind == Kind.Hole ? Count('}', open.Dollars) : 1;
        if (_text[_at] != open.Close || (open.Kind == Kind.Hole && length < open.Dollars))
        {
            Fail("a bracket does not suit the last open one", _at);
            return;
        }

        _open.Pop();
        _at += length;
    }

    /// <summary>The start of a literal such as <c>$"</c>, <c>@"</c>, <c>$@"</c>, <c>@$"</c> or <c>$$"""</c>; or of something else.</summary>
    private void StepPrefix()
    {
        var dollars = _text[_at] == '$' ? Count('$', MaximumDepth) : 0;
        var length = dollars;
        var isVerbatim = _text[_at + length] == '@';
        if (isVerbatim)
        {
            length++;
            if (dollars == 0 && _text[_at + length] == '$')
            {
                (dollars, length) = (1, length + 1);
            }
        }

        if (_text[_at + length] == '"' && dollars < MaximumDepth)
        {
            OpenLiteral(new() { Kind = Kind.Literal, Start = _at, IsVerbatim = isVerbatim, Dollars = dollars }, length);
        }
        else
        {
            _at += Math.Max(1, dollars);
        }
    }

    private void OpenLiteral(Open open, int prefix)
    {
        _at += prefix;
        var quotes = open.IsVerbatim ? 1 : Count('"', int.MaxValue);
        if (quotes == 2)
        {
            _at += 2;
            return;
        }

        Push(open with { Quotes = quotes });
        _at += quotes;
    }

    private void StepLiteral(Open open)
    {
        switch (_text[_at])
        {
            case Expansion.End:
                Fail("a string is not closed", open.Start);
                break;
            case '"' when open.IsVerbatim && _text[_at + 1] == '"':
                _at += 2;
                break;
            case '"':
                var quotes = open.Quotes == 1 ? 1 : Count('"', int.MaxValue);
                if (quotes >= open.Quotes)
                {
                    _open.Pop();
                }

                _at += quotes;
                break;
            case '\\' when open is { IsVerbatim: false, Quotes: 1 }:
                _at += 2;
                break;
            case '{' when open.Dollars > 0:
                StepBraces(open);
                break;
            default:
                _at++;
                break;
        }
    }

    /// <summary>Braces in an interpolated string: as many as it has dollars begin a hole; in one that is not raw, two are one brace.</summary>
    private void StepBraces(Open open)
    {
        var braces = open.Quotes == 1 ? Count('{', 2) : Count('{', int.MaxValue);
        var isHole = open.Quotes == 1 ? braces == 1 : braces >= open.Dollars;
        if (isHole)
        {
            Push(new() { Kind = Kind.Hole, Start = _at, Close = '}', Dollars = open.Quotes == 1 ? 1 : open.Dollars });
        }

        _at += braces;
    }

    /// <summary>Behind the colon of a hole stands text up to the hole's end.</summary>
    private void StepFormat(Open open)
    {
        switch (_text[_at])
        {
            case Expansion.End:
                Fail("a string is not closed", open.Start);
                break;
            case '}' when Count('}', open.Dollars) is var length && length == open.Dollars:
                _open.Pop();
                _at += length;
                break;
            default:
                _at++;
                break;
        }
    }

    private void SkipCharacter()
    {
        for (_at++; _text[_at] is not (Expansion.End or '\r' or '\n'); _at++)
        {
            if (_text[_at] == '\'')
            {
                _at++;
                return;
            }

            _at += _text[_at] == '\\' ? 1 : 0;
        }
    }

    private void SkipUntilLineEnd()
    {
        while (_text[_at] is not (Expansion.End or '\r' or '\n' or '\u0085' or '\u2028' or '\u2029'))
        {
            _at++;
        }
    }

    private void SkipComment()
    {
        var start = _at;
        for (_at += 2; _text[_at] != '*' || _text[_at + 1] != '/'; _at++)
        {
            if (_text[_at] == Expansion.End)
            {
                Fail("a comment is not closed", start);
                return;
            }
        }

        _at += 2;
    }

    private void SkipWord()
    {
        var start = _at;
        while (IsWord(_text[_at]))
        {
            _at++;
        }

        _bodies.Saw(_text, start, _at);
    }

    private static bool IsWord(int c) => c >= 0 && (c == '_' || char.IsLetterOrDigit((char)c));

    private static bool IsFormat(int c) => c > '\u007F' && char.GetUnicodeCategory((char)c) == UnicodeCategory.Format;

    private int Count(char c, int maximum)
    {
        var count = 0;
        while (count < maximum && _text[_at + count] == c)
        {
            count++;
        }

        return count;
    }

    private void Push(Open open)
    {
        if (_open.Count >= MaximumDepth)
        {
            Fail($"brackets and strings are nested more than {MaximumDepth} deep", open.Start);
        }

        _open.Push(open);
    }

    private void Fail(string message, int at)
    {
        _fault ??= message;
        _faultAt = at;
    }

    /// <summary>Something that has begun: a bracket, a string, or the hole of a string.</summary>
    private readonly record struct Open
    {
        public required Kind Kind { get; init; }

        public required int Start { get; init; }

        public char Close { get; init; }

        public bool IsVerbatim { get; init; }

        /// <summary>The quotes of a string: 1, or more for a raw one.</summary>
        public int Quotes { get; init; }

        /// <summary>The dollars of a string; of a hole its braces.</summary>
        public int Dollars { get; init; }
    }
}
