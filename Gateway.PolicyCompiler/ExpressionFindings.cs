using Gateway.PolicyCompiler.Programs;

namespace Gateway.PolicyCompiler;

/// <summary>What compiling found out about expressions, by their texts.</summary>
internal sealed class ExpressionFindings(ProgramSource program, ProgramCompilation compilation)
{
    private readonly ILookup<int, SlotDiagnostic> _diagnostics = compilation.Diagnostics.ToLookup(diagnostic => diagnostic.Slot);

    /// <summary>The type of its result; null when it has errors.</summary>
    public Type? ResultOf(string text) => compilation.Results[program[text]];

    /// <summary>What is wrong with it.</summary>
    public IEnumerable<SlotDiagnostic> DiagnosticsOf(string text) => _diagnostics[program[text]];
}
