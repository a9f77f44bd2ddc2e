using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler;

/// <summary>A policy document as it was saved, and what is needed to compile it.</summary>
public sealed record PolicySource
{
    /// <summary>The longest document, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 512 * 1024;

    /// <summary>The most different expressions of a document; real ones have some tens. Each costs milliseconds to compile.</summary>
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

    /// <summary>Exactly one scope: where the document is stored.</summary>
    public required PolicyScope Scope { get; init; }

    /// <summary>Gives the named value of a display name; null when there is none.</summary>
    public Func<string, NamedValue?> NamedValues { get; init; } = _ => null;
}

/// <summary>A named value.</summary>
/// <param name="Value">What stands in place of <c>{{name}}</c>.</param>
/// <param name="IsSecret">True when nobody may read it back. No diagnostic ever holds any named value, secret or not.</param>
public sealed record NamedValue(string Value, bool IsSecret)
{
    /// <summary>Without the value, so that a log line cannot hold it.</summary>
    public override string ToString() => IsSecret ? "NamedValue (secret)" : "NamedValue";
}
