using Gateway.Policies.Expressions;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Tells from the words of an expression which bodies it may read: whoever reads one writes <c>Request.Body</c> or <c>Response.Body</c>, or hands the whole
/// request or response on, to a variable for instance. That of a call's answer is in memory anyway. Too much costs a read into memory, too little would give a wrong result: when in
/// doubt it is read. Who asks whether a certificate was revoked writes <c>Verify</c>.
/// </summary>
internal sealed class ExpressionBodies
{
    private bool _comment;
    private bool _escape;
    private bool _outcome;
    private BodyUse _use;

    /// <summary>What the words seen so far speak of.</summary>
    public BodyUse Use => _escape ? BodyUse.All : _use;

    /// <summary>True when it may speak of what became of the request: its response or its error.</summary>
    public bool SeesOutcome => _escape || _outcome;

    /// <summary>Takes in one word.</summary>
    public void Saw(Expansion text, int from, int to)
    {
        switch (to - from)
        {
            case 6 when text.Slice(from, to) == "Verify":
                _use |= BodyUse.Revocation;
                break;
            case 7 when text.Slice(from, to) == "Request" && MayReadBody(text, from, to):
                _use |= BodyUse.Request;
                break;
            case 8 when text.Slice(from, to) == "Response":
                _outcome = true;
                _use |= MayReadBody(text, from, to) ? BodyUse.Response : BodyUse.None;
                break;
            case 9 when text.Slice(from, to) == "LastError":
                _outcome = true;
                break;
        }
    }

    /// <summary>Takes in a comment: what stands before a word is not known any more.</summary>
    public void SawComment() => _comment = true;

    /// <summary>
    /// Takes in a backslash, or a character that is not seen, outside of strings: C# lets any word be written by the numbers of its letters, and
    /// overlooks such characters.
    /// </summary>
    public void SawEscape() => _escape = true;

    // Another member of a request, and a comparison, leave its body alone.
    private bool MayReadBody(Expansion text, int from, int to)
    {
        var at = AfterSpace(text, to);
        if (!_comment && text[BeforeSpace(text, from)] is not ('.' or '@'))
        {
            // A pattern names members so; else it is a name of the author's.
            return text[at] == ':' && text[at + 1] != ':';
        }

        if (text[at] is '=' or '!' && text[at + 1] == '=')
        {
            return false;
        }

        if (IsWord(text, ref at, "is"))
        {
            _ = IsWord(text, ref at, "not");
            return !IsWord(text, ref at, "null");
        }

        at += text[at] is '?' or '!' ? 1 : 0;
        if (text[at] != '.')
        {
            return true;
        }

        at = AfterSpace(text, at + 1);
        return !ExpressionScan.IsWord(text[at]) || IsWord(text, ref at, "Body");
    }

    private static bool IsWord(Expansion text, ref int at, string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (text[at + i] != word[i])
            {
                return false;
            }
        }

        if (ExpressionScan.IsWord(text[at + word.Length]))
        {
            return false;
        }

        at = AfterSpace(text, at + word.Length);
        return true;
    }

    private static int AfterSpace(Expansion text, int at)
    {
        while (IsSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int BeforeSpace(Expansion text, int at)
    {
        do
        {
            at--;
        }
        while (IsSpace(text[at]));
        return at;
    }

    private static bool IsSpace(int c) => c is >= 0 and < char.MaxValue && char.IsWhiteSpace((char)c);
}
