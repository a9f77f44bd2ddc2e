using Gateway.Policies.Expressions;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Tells from the words of an expression which bodies it may read: whoever reads one writes <c>Body</c>, and whose it is, unless
/// that is hidden in a variable. Too much costs a read into memory, too little would give a wrong result: when in doubt it is both.
/// Who asks whether a certificate was revoked writes <c>Verify</c>.
/// </summary>
internal sealed class ExpressionBodies
{
    private bool _body;
    private bool _escape;
    private bool _outcome;
    private BodyUse _owners;
    private BodyUse _revocation;

    /// <summary>What the words seen so far speak of.</summary>
    public BodyUse Use => _escape ? BodyUse.All
        : !_body ? _revocation
        : _owners == BodyUse.None ? BodyUse.Request | BodyUse.Response | _revocation
        : _owners | _revocation;

    /// <summary>True when it may speak of what became of the request: its response or its error.</summary>
    public bool SeesOutcome => _escape || _outcome;

    /// <summary>Takes in one word.</summary>
    public void Saw(Expansion text, int from, int to)
    {
        switch (to - from)
        {
            case 4:
                _body |= text.Slice(from, to) == "Body";
                break;
            case 6 when text.Slice(from, to) == "Verify":
                _revocation = BodyUse.Revocation;
                break;
            case 7 when text.Slice(from, to) == "Request":
                _owners |= BodyUse.Request;
                break;
            case 8 when text.Slice(from, to) == "Response":
                _owners |= BodyUse.Response;
                _outcome = true;
                break;
            case 9 when text.Slice(from, to) == "LastError":
                _outcome = true;
                break;
        }
    }

    /// <summary>
    /// Takes in a backslash, or a character that is not seen, outside of strings: C# lets any word be written by the numbers of its letters, and
    /// overlooks such characters.
    /// </summary>
    public void SawEscape() => _escape = true;
}
