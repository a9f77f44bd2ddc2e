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
    public static CompiledPolicy Of(string text, PolicyScope scope = PolicyScope.Api)
    {
        var compilation = PolicyDocumentCompiler.Check([new PolicySource { Text = text, Scope = scope }], CancellationToken.None)[0];
        Assert.DoesNotContain(compilation.Diagnostics, finding => finding.Severity == PolicySeverity.Error);
        if (compilation.Slots.Count == 0)
        {
            return new(compilation.Tree!, []);
        }

        var source = new ProgramSource(compilation.Slots);
        var image = ProgramCompiler.Compile(source, ExpressionApi.Current, CancellationToken.None).Image!;
        return new(compilation.Tree!, [new ProgramChunk { Key = source.Key, Abi = ExpressionAbi.Current, Image = image }]);
    }

    /// <summary>A document of these sections around what is inherited.</summary>
    public static CompiledPolicy OfSections(string? inbound = null, string? backend = null, string? outbound = null, string? onError = null) => Of(
        $"<policies><inbound><base />{inbound}</inbound><backend>{backend ?? "<base />"}</backend><outbound><base />{outbound}</outbound><on-error><base />{onError}</on-error></policies>");
}
