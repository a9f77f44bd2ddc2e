using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Policies;
using Gateway.PolicyCompiler.Programs;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>A document on its way from text to checked tree.</summary>
internal sealed class PolicyDraft
{
    private readonly PolicySource _source;
    private readonly PolicyDiagnostics _diagnostics = new();
    private readonly DocumentReading _reading;
    private readonly ProgramSource _program;

    /// <summary>Reads the text.</summary>
    public PolicyDraft(PolicySource source)
    {
        _source = source;
        _reading = PolicyXmlReader.Read(source, _diagnostics);
        _program = new ProgramSource(_reading.Expressions.Select(expression => expression.Text));
        IsRead = !_diagnostics.HasErrors;
    }

    /// <summary>True when the text was read without an error; else its expressions may lack what stands in their places.</summary>
    public bool IsRead { get; }

    /// <summary>The distinct texts of the expressions in the order of the slots.</summary>
    public IReadOnlyList<string> Slots => _program.Slots;

    /// <summary>Checks every element.</summary>
    /// <param name="expressions">What is known of the expressions; null when only where they begin and end.</param>
    public PolicyCompilation Finish(ExpressionFindings? expressions)
    {
        if (expressions is not null)
        {
            ExpressionReport.Add(_diagnostics, _reading, expressions);
        }

        var slots = new CheckedSlots(Slots.Count, expressions is null ? null : [.. Slots.Select(expressions.ResultOf)]);
        var parsing = new PolicyParsing(_source.Scope, _diagnostics) { Slots = slots };
        PolicyTree? tree = null;
        if (_reading.Root is { } root)
        {
            tree = Number(root);
            PolicyDocument.Parse(tree, parsing);
        }

        return new PolicyCompilation
        {
            Tree = _diagnostics.HasErrors ? null : tree?.Serialize(),
            Slots = _diagnostics.HasErrors ? [] : Slots,
            Diagnostics = [.. _diagnostics.All.OrderBy(d => d.Line).ThenBy(d => d.Column)],
            NamedValues = [.. _reading.NamedValues],
            Backends = [.. parsing.Backends],
        };
    }

    /// <summary>The reader numbers slots as they come; a tree has the numbers of its program.</summary>
    private PolicyTree Number(PolicyElement root)
    {
        var tree = new PolicyTree { Root = root };
        return Slots.Count == 0
            ? tree
            : tree.WithProgram(_program.Key, [.. _reading.Expressions.Select(expression => expression.Text).Distinct(StringComparer.Ordinal).Select(text => _program[text])]);
    }
}
