using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>A document that was read.</summary>
/// <param name="Source">The text as it was saved.</param>
/// <param name="Root">The outermost element, its slots numbered by first appearance of their texts; null after an error that stops reading.</param>
/// <param name="Expressions">Every expression at every place, in the order of the document.</param>
/// <param name="Parts">The parts that may be spelled in another way, in the order of the document.</param>
/// <param name="Unjudged">The parts of the text that hold named values of which nothing is known, in the order of the document.</param>
/// <param name="NamedValues">The names of the named values, also of those that do not exist; ordered.</param>
internal sealed record DocumentReading(
    SourceText Source, PolicyElement? Root, IReadOnlyList<ExpressionText> Expressions, IReadOnlyList<DocumentPart> Parts, IReadOnlyList<Range> Unjudged,
    IReadOnlyCollection<string> NamedValues)
{
    /// <summary>True for a place in a part that cannot be judged.</summary>
    public bool IsUnjudged(int line, int column)
    {
        var offset = Unjudged.Count == 0 ? 0 : Source.Offset(line, column);
        return Unjudged.Any(part => part.Start.Value <= offset && offset < part.End.Value);
    }
}
