using Gateway.PolicyCompiler.Programs;

namespace Gateway.PolicyCompiler;

/// <summary>Makes checked trees of policy documents. Pure functions: the same source gives the same result.</summary>
public static class PolicyDocumentCompiler
{
    /// <summary>
    /// Reads the text, puts named values in their places and checks every element; of the expressions only where they begin and end. Costs
    /// about what the text is long: for documents that were checked before.
    /// </summary>
    public static PolicyCompilation Compile(PolicySource source) => new PolicyDraft(source).Finish(null);

    /// <summary>
    /// Compiles documents, and their expressions against the API of this version: for documents that somebody writes. Costs a second when it is
    /// the first of the process, and then milliseconds for each expression; documents that are checked together share the rest,
    /// and an expression that was checked before costs nothing.
    /// </summary>
    /// <param name="sources">The documents; each is judged alone.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    /// <returns>One for each document, in their order; a finding in an expression stands at every place of it.</returns>
    public static IReadOnlyList<PolicyCompilation> Check(IReadOnlyList<PolicySource> sources, CancellationToken cancellation) =>
        Check(sources, program => ProgramCompiler.Check(program, ExpressionApi.Current, cancellation));

    /// <summary>The same with another compiler.</summary>
    internal static IReadOnlyList<PolicyCompilation> Check(IReadOnlyList<PolicySource> sources, Func<ProgramSource, ProgramCompilation> compile)
    {
        PolicyDraft[] drafts = [.. sources.Select(source => new PolicyDraft(source))];
        var program = new ProgramSource(drafts.Where(draft => draft.IsRead).SelectMany(draft => draft.Slots));
        var findings = new ExpressionFindings(program, program.Slots.Count == 0 ? new() { Results = [] } : compile(program));
        return [.. drafts.Select(draft => draft.Finish(draft.IsRead ? findings : null))];
    }
}
