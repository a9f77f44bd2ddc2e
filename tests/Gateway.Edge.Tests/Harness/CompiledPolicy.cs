using Gateway.Contracts.Publications;
using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A policy document as a publication carries it, compiled as silos do.</summary>
/// <param name="Tree">The checked tree.</param>
/// <param name="Programs">The program of its expressions; none when it has no expressions.</param>
internal sealed record CompiledPolicy(string Tree, ProgramChunk[] Programs)
{
    /// <summary>Compiles a document, of which nothing may be found but these warnings.</summary>
    public static CompiledPolicy Of(
        string text, PolicyScope scope = PolicyScope.Api, Func<string, FragmentText?>? fragments = null, params IReadOnlyList<string> warnings)
    {
        var document = new PolicySource { Text = text, Scope = scope, Fragments = fragments ?? (static _ => null) };
        var compilation = PolicyDocumentCompiler.Check([document], CancellationToken.None)[0];
        Assert.Equal(warnings.Select(warning => (PolicySeverity.Warning, warning)), compilation.Diagnostics.Select(finding => (finding.Severity, finding.Message)));
        if (compilation.Slots.Count == 0)
        {
            return new(compilation.Tree!, []);
        }

        var source = new ProgramSource(compilation.Slots);
        var image = ProgramCompiler.Compile(source, ExpressionApi.Current, CancellationToken.None).Image!;
        return new(compilation.Tree!, [new ProgramChunk { Key = source.Key, Abi = ExpressionAbi.Current, Image = image }]);
    }

    /// <summary>A document of these sections around what is inherited.</summary>
    public static CompiledPolicy OfSections(
        string? inbound = null, string? backend = null, string? outbound = null, string? onError = null, params IReadOnlyList<string> warnings) => Of(
        $"<policies><inbound><base />{inbound}</inbound><backend>{backend ?? "<base />"}</backend><outbound><base />{outbound}</outbound><on-error><base />{onError}</on-error></policies>", warnings: warnings);
}
