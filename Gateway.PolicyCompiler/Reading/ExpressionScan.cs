using System.Globalization;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>Where a matcher is in an expression, and what it has seen there: the parts of C# that hold no brackets are passed over here.</summary>
/// <param name="text">Holds the expression.</param>
/// <param name="start">Where to begin.</param>
internal sealed class ExpressionScan(Expansion text, int start)
{
    /// <summary>The index of the next character.</summary>
    public int At { get; set; } = start;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The index of what is wrong.</summary>
    public int FaultAt { get; private set; }

    /// <summary>True when a reference of XML was seen in code.</summary>
    public bool HasReference { get; private set; }

    /// <summary>The bodies that the words seen so far speak of.</summary>
    public ExpressionBodies Bodies { get; } = new();

    /// <summary>The character that stands so far behind the next one, or <see cref="Expansion.End"/>.</summary>
    public int this[int ahead] => text[At + ahead];

    /// <summary>Looks at an ampersand in code.</summary>
    public void SeeReference()
    {
        Span<char> rest = stackalloc char[XmlReference.Longest];
        var length = 0;
        while (length < rest.Length && this[length] is var c and not Expansion.End)
        {
            rest[length++] = (char)c;
        }

        HasReference |= XmlReference.At(rest[..length], out _) is not null;
    }

    /// <summary>Goes behind a character in quotes, or to the end of the line.</summary>
    public void SkipCharacter()
    {
        for (At++; this[0] is not (Expansion.End or '\r' or '\n'); At++)
        {
            if (this[0] == '\'')
            {
                At++;
                return;
            }

            At += this[0] == '\\' ? 1 : 0;
        }
    }

    /// <summary>Goes behind a comment up to the end of the line.</summary>
    public void SkipUntilLineEnd()
    {
        while (this[0] is not (Expansion.End or '\r' or '\n' or '\u0085' or '\u2028' or '\u2029'))
        {
            At++;
        }
    }

    /// <summary>Goes behind a comment with an end.</summary>
    public void SkipComment()
    {
        var start = At;
        for (At += 2; this[0] != '*' || this[1] != '/'; At++)
        {
            if (this[0] == Expansion.End)
            {
                Fail("a comment is not closed", start);
                return;
            }
        }

        At += 2;
    }

    /// <summary>Goes behind a word.</summary>
    public void SkipWord()
    {
        var start = At;
        while (IsWord(this[0]))
        {
            At++;
        }

        Bodies.Saw(text, start, At);
    }

    /// <summary>True for a character of a word.</summary>
    public static bool IsWord(int c) => c >= 0 && (c == '_' || char.IsLetterOrDigit((char)c));

    /// <summary>True for a character that is not seen.</summary>
    public static bool IsFormat(int c) => c > '\u007F' && char.GetUnicodeCategory((char)c) == UnicodeCategory.Format;

    /// <summary>How often a character stands here in a row, counted up to a maximum.</summary>
    public int Count(char c, int maximum)
    {
        var count = 0;
        while (count < maximum && this[count] == c)
        {
            count++;
        }

        return count;
    }

    /// <summary>Notes what is wrong; what was found first stays.</summary>
    public void Fail(string message, int at)
    {
        if (Fault is null)
        {
            (Fault, FaultAt) = (message, at);
        }
    }
}
