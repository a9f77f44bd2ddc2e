using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Policies;
using Gateway.PolicyCompiler.Programs;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>Makes checked trees of policy documents. A pure function: the same source gives the same result.</summary>
public static class PolicyDocumentCompiler
{
    /// <summary>
    /// Reads the text, puts named values in their places and checks every element; of the expressions only where they begin and end. Costs
    /// about what the text is long.
    /// </summary>
    public static PolicyCompilation Compile(PolicySource source)
    {
        var diagnostics = new PolicyDiagnostics();
        var reading = PolicyXmlReader.Read(source, diagnostics);
        var program = new ProgramSource(reading.Expressions.Select(expression => expression.Text));
        var parsing = new PolicyParsing(source.Scope, diagnostics) { Slots = new CheckedSlots(program.Slots.Count) };
        PolicyTree? tree = null;
        if (reading.Root is not null)
        {
            tree = Number(reading, program);
            PolicyDocument.Parse(tree, parsing);
        }

        return new PolicyCompilation
        {
            Tree = diagnostics.HasErrors ? null : tree?.Serialize(),
            Slots = diagnostics.HasErrors ? [] : program.Slots,
            Diagnostics = [.. diagnostics.All.OrderBy(d => d.Line).ThenBy(d => d.Column)],
            NamedValues = [.. reading.NamedValues],
            Backends = [.. parsing.Backends],
        };
    }

    /// <summary>The reader numbers slots as they come; a tree has the numbers of its program.</summary>
    private static PolicyTree Number(DocumentReading reading, ProgramSource program)
    {
        var tree = new PolicyTree { Root = reading.Root! };
        return program.Slots.Count == 0
            ? tree
            : tree.WithProgram(program.Key, [.. reading.Expressions.Select(expression => expression.Text).Distinct(StringComparer.Ordinal).Select(text => program[text])]);
    }
}
