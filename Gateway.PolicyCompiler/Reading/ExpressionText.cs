using Gateway.Policies.Expressions;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>An expression at one place of a document.</summary>
/// <param name="Element">The element whose attribute or text it is.</param>
/// <param name="Text">Its text with its <c>@(…)</c> or <c>@{…}</c>, named values in place.</param>
/// <param name="Bodies">The bodies that it may read.</param>
/// <param name="SeesOutcome">True when it may speak of what became of the request.</param>
/// <param name="Expansion">Holds it.</param>
/// <param name="Start">Where in there.</param>
internal sealed record ExpressionText(string Element, string Text, BodyUse Bodies, bool SeesOutcome, Expansion Expansion, int Start)
{
    /// <summary>Where a character of the text stands in the document that was saved.</summary>
    public int SourceOf(int offset) => Expansion.SourceOf(Start + offset);

    /// <summary>True for a character of the text that came from a named value.</summary>
    public bool IsNamedValue(int offset) => Expansion.IsNamedValue(Start + offset);
}
