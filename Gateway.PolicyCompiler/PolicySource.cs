using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler;

/// <summary>A policy document as it was saved, and what is needed to compile it.</summary>
public sealed record PolicySource
{
    /// <summary>The longest document, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 512 * 1024;

    /// <summary>The most different fragments that a document includes.</summary>
    public const int MaximumFragments = 50;

    /// <summary>The most different expressions of a document, those of its fragments among them; real ones have some tens. Each costs milliseconds to compile.</summary>
    public const int MaximumExpressions = 1_000;

    /// <summary>The longest expression, named values in place, in characters; the longest real ones have some thousands.</summary>
    public const int MaximumExpressionLength = 32 * 1024;

    /// <summary>The XML text; a byte order mark at its start is ignored.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// True when expressions stand as they were typed (<c>rawxml</c>): a reference within a string of C# is then itself. Where it stands in code
    /// the expression was escaped all the same, and is taken so. False when references are those of XML (<c>xml</c>); expressions without them are
    /// taken, too.
    /// </summary>
    public bool IsRaw { get; init; }

    /// <summary>Where the document is stored. Several scopes: it has to be correct at one of them. Says nothing of a fragment.</summary>
    public required PolicyScope Scope { get; init; }

    /// <summary>True for a policy fragment: its policies have to be correct together in one section at one scope.</summary>
    public bool IsFragment { get; init; }

    /// <summary>Gives the named value of a display name; null when there is none.</summary>
    public Func<string, NamedValue?> NamedValues { get; init; } = _ => null;

    /// <summary>
    /// True where nothing is known of the catalog: named values and fragments that do not exist are warnings, and so are errors in what cannot be
    /// judged without the named values in it.
    /// </summary>
    public bool IsTentative { get; init; }

    /// <summary>Gives the policy fragment of an id; null when there is none.</summary>
    public Func<string, FragmentText?> Fragments { get; init; } = _ => null;
}

/// <summary>A policy fragment as it was saved.</summary>
/// <param name="Text">The XML text.</param>
/// <param name="IsRaw">True when its expressions stand as they were typed (<c>rawxml</c>).</param>
public sealed record FragmentText(string Text, bool IsRaw);

/// <summary>A named value.</summary>
/// <param name="Value">What stands in place of <c>{{name}}</c>.</param>
/// <param name="IsSecret">True when nobody may read it back. No diagnostic ever holds any named value, secret or not.</param>
public sealed record NamedValue(string Value, bool IsSecret)
{
    /// <summary>Stands for a named value that exists and whose value is not known: what it stands in is not judged.</summary>
    public static NamedValue Unknown { get; } = new("1", IsSecret: true);

    /// <summary>Without the value, so that a log line cannot hold it.</summary>
    public override string ToString() => IsSecret ? "NamedValue (secret)" : "NamedValue";
}
