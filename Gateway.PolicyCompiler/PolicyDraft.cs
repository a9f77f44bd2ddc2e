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
    private readonly IncludedFragments _fragments;
    private readonly ProgramSource _program;

    /// <summary>Reads the text, and those of the fragments that it includes.</summary>
    public PolicyDraft(PolicySource source)
    {
        _source = source;
        _reading = PolicyXmlReader.Read(source, _diagnostics);
        _fragments = new IncludedFragments(source, _reading.Root, _diagnostics);
        _program = new ProgramSource(_reading.Expressions.Concat(_fragments.Expressions).Select(expression => expression.Text));
        if (Slots.Count > PolicySource.MaximumExpressions && _reading.Root is { } root)
        {
            _diagnostics.Error(root, $"With its fragments a policy document may have {PolicySource.MaximumExpressions} different expressions at most.");
        }

        IsRead = _diagnostics.All.All(finding => finding.Severity != PolicySeverity.Error || finding.Kind == PolicyFinding.MissingReference);
    }

    /// <summary>True when the text was read without an error, but for named values and fragments that do not exist.</summary>
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
            _fragments.Report(_diagnostics, expressions);
        }

        PolicyTree? tree = null;
        IReadOnlyList<PolicyReference> references = [];
        if (_reading.Root is { } root)
        {
            tree = new PolicyTree { Root = _fragments.PutInto(Number(root, _reading, _program), _program, _diagnostics), Program = Slots.Count == 0 ? null : _program.Key };
            references = Judge(tree, new(Slots.Count, expressions is null ? null : [.. Slots.Select(expressions.ResultOf)]));
        }

        var paths = new ElementPaths(_reading.Root);
        PolicyDiagnostic[] findings = [.. _diagnostics.All.Select(Temper).OrderBy(finding => finding.Line).ThenBy(finding => finding.Column).Select(paths.Add)];
        var isCorrect = tree is not null && Array.TrueForAll(findings, finding => finding.Severity != PolicySeverity.Error);
        return new PolicyCompilation
        {
            Tree = isCorrect ? tree!.Serialize() : null,
            Slots = isCorrect ? Slots : [],
            Diagnostics = findings,
            NamedValues = [.. _reading.NamedValues],
            FragmentNamedValues = _fragments.NamedValues,
            Fragments = _fragments.Ids,
            References = references,
        };
    }

    /// <summary>The reader numbers slots as they come; a tree has the numbers of its program.</summary>
    internal static PolicyElement Number(PolicyElement root, DocumentReading reading, ProgramSource program) => reading.Expressions.Count == 0
        ? root
        : new PolicyTree { Root = root }
            .WithProgram(program.Key, [.. reading.Expressions.Select(expression => expression.Text).Distinct(StringComparer.Ordinal).Select(text => program[text])]).Root;

    /// <summary>Checks the tree everywhere it may stand, up to a place where it is correct; else says what is wrong where least is.</summary>
    private IReadOnlyList<PolicyReference> Judge(PolicyTree tree, CheckedSlots slots)
    {
        (PolicyDiagnostics Found, PolicyParsing Parsing)? best = null;
        foreach (var (scope, section) in Places())
        {
            var found = new PolicyDiagnostics();
            var parsing = new PolicyParsing(scope, found) { Slots = slots, IsFragment = _source.IsFragment };
            if (_source.IsFragment)
            {
                PolicyDocument.CheckFragment(tree, parsing, section);
            }
            else
            {
                PolicyDocument.Parse(tree, parsing);
            }

            if (best is null || Errors(found) < Errors(best.Value.Found))
            {
                best = (found, parsing);
            }

            if (!found.HasErrors)
            {
                break;
            }
        }

        foreach (var finding in best!.Value.Found.All)
        {
            _diagnostics.Add(finding);
        }

        return best.Value.Parsing.References;
    }

    /// <summary>What cannot be judged is no error; a text that cannot be read is one.</summary>
    private PolicyDiagnostic Temper(PolicyDiagnostic finding) =>
        finding.Severity == PolicySeverity.Error && finding.Kind is not (PolicyFinding.MalformedDocument or PolicyFinding.MissingReference)
            && (_reading.IsUnjudged(finding.Line, finding.Column) || _fragments.IsUnjudged(finding.Line, finding.Column))
            ? finding with { Severity = PolicySeverity.Warning, Message = $"Not judged without the value of the named value here: {finding.Message}" }
            : finding;

    private IEnumerable<(PolicyScope Scope, PolicySection Section)> Places() =>
        from scope in _source.IsFragment ? PolicyScope.All.Each() : _source.Scope.Each()
        from section in _source.IsFragment ? PolicySection.All.Each() : [PolicySection.Inbound]
        select (scope, section);

    private static int Errors(PolicyDiagnostics found) => found.All.Count(finding => finding.Severity == PolicySeverity.Error);
}
