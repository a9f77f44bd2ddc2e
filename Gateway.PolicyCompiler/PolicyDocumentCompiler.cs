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

    internal static IReadOnlyList<PolicyCompilation> Check(IReadOnlyList<PolicySource> sources, Func<ProgramSource, ProgramCompilation> compile)
    {
        PolicyDraft[] drafts = [.. sources.Select(source => new PolicyDraft(source))];
        var program = new ProgramSource(drafts.Where(draft => draft.IsRead).SelectMany(draft => draft.Slots));
        var findings = new ExpressionFindings(program, program.Slots.Count == 0 ? new() { Results = [] } : compile(program));
        return [.. drafts.Select(draft => draft.Finish(draft.IsRead ? findings : null))];
    }
}
