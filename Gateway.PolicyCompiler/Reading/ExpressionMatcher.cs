namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Finds the end of an expression as C# would: brackets within strings, characters and comments count for nothing, and the holes of
/// interpolated strings are code again. Linear in the length of the expression; what is open is kept on a bounded stack of its own.
/// </summary>
internal sealed class ExpressionMatcher
{
    private const int MaximumDepth = 256;

    private readonly ExpressionScan _scan;
    private readonly Stack<Open> _open = new();

    private ExpressionMatcher(Expansion text, int start) => _scan = new(text, start + 1);

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
        while (_scan.Fault is null && _open.TryPeek(out var open))
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

        return _scan.Fault is null
            ? new() { End = _scan.At, Bodies = _scan.Bodies.Use, SeesOutcome = _scan.Bodies.SeesOutcome, HasReference = _scan.HasReference }
            : new() { End = -1, Fault = _scan.Fault, FaultAt = _scan.FaultAt };
    }

    private void StepCode(Open open)
    {
        switch (_scan[0])
        {
            case Expansion.End:
                _scan.Fail("a bracket is not closed", open.Start);
                break;
            case '(' or '[' or '{':
                OpenBracket();
                break;
            case ')' or ']' or '}':
                CloseBracket(open);
                break;
            case '"':
                OpenLiteral(new() { Kind = Kind.Literal, Start = _scan.At }, 0);
                break;
            case '$' or '@':
                StepPrefix();
                break;
            case '\'':
                _scan.SkipCharacter();
                break;
            case '&':
                _scan.SeeReference();
                _scan.At++;
                break;
            case '/' when _scan[1] == '/':
                _scan.Bodies.SawComment();
                _scan.SkipUntilLineEnd();
                break;
            case '/' when _scan[1] == '*':
                _scan.Bodies.SawComment();
                _scan.SkipComment();
                break;
            case ':' when open.Kind == Kind.Hole && _scan[1] != ':' && _scan[-1] != ':':
                _open.Pop();
                _open.Push(open with { Kind = Kind.Format });
                _scan.At++;
                break;
            case var c when c == '\\' || ExpressionScan.IsFormat(c):
                _scan.Bodies.SawEscape();
                _scan.At++;
                break;
            case var c when ExpressionScan.IsWord(c):
                _scan.SkipWord();
                break;
            default:
                _scan.At++;
                break;
        }
    }

    private void OpenBracket()
    {
        Push(new() { Kind = Kind.Code, Start = _scan.At, Close = _scan[0] switch { '(' => ')', '[' => ']', _ => '}' } });
        _scan.At++;
    }

    private void CloseBracket(Open open)
    {
        var length = open.Kind == Kind.Hole ? _scan.Count('}', open.Dollars) : 1;
        if (_scan[0] != open.Close || (open.Kind == Kind.Hole && length < open.Dollars))
        {
            _scan.Fail("a bracket does not suit the last open one", _scan.At);
            return;
        }

        _open.Pop();
        _scan.At += length;
    }

    /// <summary>The start of a literal such as <c>$"</c>, <c>@"</c>, <c>$@"</c>, <c>@$"</c> or <c>$$"""</c>; or of something else.</summary>
    private void StepPrefix()
    {
        var dollars = _scan[0] == '$' ? _scan.Count('$', MaximumDepth) : 0;
        var length = dollars;
        var isVerbatim = _scan[length] == '@';
        if (isVerbatim)
        {
            length++;
            if (dollars == 0 && _scan[length] == '$')
            {
                (dollars, length) = (1, length + 1);
            }
        }

        if (_scan[length] == '"' && dollars < MaximumDepth)
        {
            OpenLiteral(new() { Kind = Kind.Literal, Start = _scan.At, IsVerbatim = isVerbatim, Dollars = dollars }, length);
        }
        else
        {
            _scan.At += Math.Max(1, dollars);
        }
    }

    private void OpenLiteral(Open open, int prefix)
    {
        _scan.At += prefix;
        var quotes = open.IsVerbatim ? 1 : _scan.Count('"', int.MaxValue);
        if (quotes == 2)
        {
            _scan.At += 2;
            return;
        }

        Push(open with { Quotes = quotes });
        _scan.At += quotes;
    }

    private void StepLiteral(Open open)
    {
        switch (_scan[0])
        {
            case Expansion.End:
                _scan.Fail("a string is not closed", open.Start);
                break;
            case '"' when open.IsVerbatim && _scan[1] == '"':
                _scan.At += 2;
                break;
            case '"':
                var quotes = open.Quotes == 1 ? 1 : _scan.Count('"', int.MaxValue);
                if (quotes >= open.Quotes)
                {
                    _open.Pop();
                }

                _scan.At += quotes;
                break;
            case '\\' when open is { IsVerbatim: false, Quotes: 1 }:
                _scan.At += 2;
                break;
            case '{' when open.Dollars > 0:
                StepBraces(open);
                break;
            default:
                _scan.At++;
                break;
        }
    }

    /// <summary>Braces in an interpolated string: as many as it has dollars begin a hole; in one that is not raw, two are one brace.</summary>
    private void StepBraces(Open open)
    {
        var braces = open.Quotes == 1 ? _scan.Count('{', 2) : _scan.Count('{', int.MaxValue);
        var isHole = open.Quotes == 1 ? braces == 1 : braces >= open.Dollars;
        if (isHole)
        {
            Push(new() { Kind = Kind.Hole, Start = _scan.At, Close = '}', Dollars = open.Quotes == 1 ? 1 : open.Dollars });
        }

        _scan.At += braces;
    }

    /// <summary>Behind the colon of a hole stands text up to the hole's end.</summary>
    private void StepFormat(Open open)
    {
        switch (_scan[0])
        {
            case Expansion.End:
                _scan.Fail("a string is not closed", open.Start);
                break;
            case '}' when _scan.Count('}', open.Dollars) is var length && length == open.Dollars:
                _open.Pop();
                _scan.At += length;
                break;
            default:
                _scan.At++;
                break;
        }
    }

    private void Push(Open open)
    {
        if (_open.Count >= MaximumDepth)
        {
            _scan.Fail($"brackets and strings are nested more than {MaximumDepth} deep", open.Start);
        }

        _open.Push(open);
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
