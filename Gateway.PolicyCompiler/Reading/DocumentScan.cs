using System.Xml;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>Where a reader is in the text of a document, and what XML calls what stands there.</summary>
/// <param name="text">The document.</param>
internal sealed class DocumentScan(string text)
{
    /// <summary>The document.</summary>
    public string Text { get; } = text;

    /// <summary>The offset of the next character.</summary>
    public int At { get; set; }

    /// <summary>Refuses what XML has no place for.</summary>
    public void CheckCharacters()
    {
        for (var i = 0; i < Text.Length; i++)
        {
            if (char.IsHighSurrogate(Text[i]) && i + 1 < Text.Length && char.IsLowSurrogate(Text[i + 1]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(Text[i]))
            {
                throw MalformedDocumentException.NoXml(i, $"The character U+{(int)Text[i]:X4} may not stand in XML.");
            }
        }
    }

    /// <summary>True when a tag begins in a part of the text, outside of comments and CDATA sections.</summary>
    public bool HasElement(int from, int to)
    {
        var at = from;
        while ((at = Text.IndexOf('<', at)) >= 0 && at < to)
        {
            if (IsNameStart(Text[at + 1]))
            {
                return true;
            }

            var end = IsAt(at, "<!--") ? "-->" : IsAt(at, "<![CDATA[") ? "]]>" : "<";
            at = Text.IndexOf(end, at, StringComparison.Ordinal) + end.Length;
            if (at < end.Length)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>A bare angle bracket is text unless what it begins could be markup.</summary>
    public bool IsMarkup(int at) => Text[at] == '<' && at + 1 < Text.Length
        && (Text[at + 1] is '/' or '!' or '?' || IsNameStart(Text[at + 1]));

    /// <summary>Reads a name.</summary>
    public string ReadName()
    {
        var start = At;
        if (At < Text.Length && IsNameStart(Text[At]))
        {
            while (At < Text.Length && (XmlConvert.IsNCNameChar(Text[At]) || Text[At] == ':'))
            {
                At++;
            }
        }

        return At > start ? Text[start..At] : throw MalformedDocumentException.NoXml(start, "A name is missing here.");
    }

    /// <summary>Goes behind white space; false when there is none.</summary>
    public bool SkipSpaces()
    {
        var start = At;
        while (At < Text.Length && Text[At] is ' ' or '\t' or '\r' or '\n')
        {
            At++;
        }

        return At > start;
    }

    /// <summary>The offset behind the start tag that begins at an offset.</summary>
    public int EndOfTag(int start)
    {
        for (var at = start; at < Text.Length; at++)
        {
            if (Text[at] == '>')
            {
                return at + 1;
            }

            if (Text[at] is '"' or '\'' && (at = Text.IndexOf(Text[at], at + 1)) < 0)
            {
                break;
            }
        }

        throw MalformedDocumentException.NoXml(start, "This start tag has no end.");
    }

    /// <summary>True when a token stands at an offset.</summary>
    public bool IsAt(int at, string token) => string.CompareOrdinal(Text, at, token, 0, token.Length) == 0;

    /// <summary>The offset behind something that starts here.</summary>
    /// <param name="start">Its first characters.</param>
    /// <param name="end">Its last ones.</param>
    /// <param name="what">Its name, for who forgot the end.</param>
    public int After(string start, string end, string what)
    {
        var found = Text.IndexOf(end, At + start.Length, StringComparison.Ordinal);
        return found >= 0 ? found + end.Length : throw MalformedDocumentException.NoXml(At, $"The {what} that starts here has no end.");
    }

    private static bool IsNameStart(char c) => XmlConvert.IsStartNCNameChar(c) || c == ':';
}
