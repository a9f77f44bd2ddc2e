namespace Gateway.PolicyCompiler.Reading;

/// <summary>Finds expressions in text, also in text that is no XML because of them.</summary>
internal static class ExpressionScanner
{
    /// <summary>True for a value that is an expression: <c>@(…)</c> or <c>@{…}</c>, after white space.</summary>
    public static bool IsExpression(ReadOnlySpan<char> value)
    {
        value = value.TrimStart();
        return value.Length > 1 && value[0] == '@' && value[1] is '(' or '{';
    }

    /// <summary>The offset of the first attribute value or text that is an expression; -1 when there is none.</summary>
    public static int FindFirst(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '<' when At(text, i, "<!--"):
                    i = After(text, i + 4, "-->");
                    break;
                case '<' when At(text, i, "<![CDATA["):
                    i = After(text, i + 9, "]]>");
                    break;
                case '@' when IsExpression(text.AsSpan(i)) && StartsValue(text, i):
                    return i;
            }
        }

        return -1;
    }

    /// <summary>The name of the element whose attribute or text stands there.</summary>
    public static string ElementAt(string text, int offset)
    {
        var tag = text.AsSpan(0, offset);
        tag = tag[(tag.LastIndexOf('<') + 1)..];
        var end = tag.IndexOfAny(" \t\r\n/>");
        return (end < 0 ? tag : tag[..end]).ToString();
    }

    private static bool StartsValue(string text, int at)
    {
        var before = text.AsSpan(0, at).TrimEnd();
        return before.Length > 0 && before[^1] is '"' or '\'' or '>';
    }

    private static bool At(string text, int at, string token) => string.CompareOrdinal(text, at, token, 0, token.Length) == 0;

    private static int After(string text, int from, string token)
    {
        var end = text.IndexOf(token, from, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + token.Length - 1;
    }
}
