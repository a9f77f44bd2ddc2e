using Gateway.Contracts.Results;
using Gateway.Grains.Publications.Projection;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler.Programs;
using PolicyScope = Gateway.Contracts.Catalog.Kinds.Policies.PolicyScope;

namespace Gateway.Grains.Tests.Publications.Programs;

/// <summary>Reads the words between <c>@(</c> and <c>)</c> of a document as its expressions: one element each, in their order.</summary>
internal sealed class FakeTrees : IPolicyTrees
{
    public Result<Grains.Publications.Projection.PolicyTree> Compile(DocumentText document, PolicyScope scope, Func<string, string?> namedValue, Func<string, DocumentText?> fragment)
    {
        string[] words = [.. document.Text.Split('@').Skip(1).Select(part => part[..(part.IndexOf(')', StringComparison.Ordinal) + 1)])];
        var program = new ProgramSource(words);
        var tree = new Policies.Documents.PolicyTree
        {
            Root = new PolicyElement { Name = "policies", Children = [.. words.Select(word => new PolicyElement { Name = "set", Text = new PolicyText(PolicyValue.FromSlot(program[word]), 1, 1) })] },
            Program = words.Length == 0 ? null : program.Key,
        };
        return new Grains.Publications.Projection.PolicyTree(tree.Serialize(), program.Slots, [], []);
    }
}
