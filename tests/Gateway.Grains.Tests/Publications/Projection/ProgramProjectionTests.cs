using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Publications.Projection;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.PolicyCompiler.Programs;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications.Projection;

public sealed class ProgramProjectionTests
{
    private readonly ChunkCodec _codec = new(SiteKey.Generate().Publication);
    private readonly FakeCompiler _compiler = new(2, 1);
    private readonly ProjectionView _projection;

    public ProgramProjectionTests() => _projection = new ProjectionView("managed", new FakeTrees(), _codec, _compiler);

    [Fact]
    public async Task Api_WithExpressionsInSeveralDocuments_HasOneProgramThatAllItsTreesName()
    {
        var parts = await StepAsync([2], [.. Api("a"), Document("/apis/a", "@(z) @(b)"), Document("/apis/a/operations/get", "@(m) @(b)")]);

        var program = Assert.Single(Programs(parts));
        var expected = new ProgramSource(["(z)", "(b)", "(m)"]);
        Assert.Equal(ProgramChunk.Id(expected.Key, 2), program.Part.Id);
        var chunk = Read(program);
        Assert.Equal((expected.Key, 2, "2: (b) (m) (z)"), (chunk.Key, chunk.Abi, Encoding.UTF8.GetString(chunk.Image)));
        var api = JsonSerializer.Deserialize(parts.Single(part => part.Part.Kind == ChunkKind.Api).Plain!, PublicationJson.Default.ApiChunk)!;
        Assert.Equal([(expected.Key, "(z) (b)"), (expected.Key, "(m) (b)")], new[] { api.Policy!, api.Operations[0].Policy! }.Select(tree => Expressions(tree, expected)));
    }

    [Fact]
    public async Task GlobalAndProductDocuments_AreOneProgramOfTheService()
    {
        var parts = await StepAsync(
            [2], [.. Api("a"), Document("", "@(g)"), Put("/products/p", """{"displayName":"P","state":"published"}"""), Put("/products/p/apis/a", "{}"), Document("/products/p", "@(p)")]);

        var expected = new ProgramSource(["(g)", "(p)"]);
        Assert.Equal(ProgramChunk.Id(expected.Key, 2), Assert.Single(Programs(parts)).Part.Id);
        var service = JsonSerializer.Deserialize(parts.Single(part => part.Part == PartKey.Service).Plain!, PublicationJson.Default.ServiceChunk)!;
        Assert.Equal((expected.Key, "(g)"), Expressions(service.Policy!, expected));
        Assert.Equal((expected.Key, "(p)"), Expressions(service.Products[0].Policy!, expected));
    }

    [Fact]
    public async Task Apis_WithEqualExpressions_ShareAProgramUntilTheLastOneHasOthers()
    {
        var both = await StepAsync([2], [.. Api("a"), .. Api("b"), Document("/apis/a", "@(x)"), Document("/apis/b", "@(x)")]);
        Assert.Single(Programs(both));
        Assert.Single(_compiler.Compiled);

        var one = await StepAsync([2], Document("/apis/a", "@(y)"));
        Assert.Equal(2, Programs(one).Length);

        var none = await StepAsync([2], Document("/apis/b", "@(y)"));
        Assert.Equal(ProgramChunk.Id(new ProgramSource(["(y)"]).Key, 2), Assert.Single(Programs(none)).Part.Id);
        Assert.Equal(2, _compiler.Compiled.Count);

        Assert.Empty(Programs(await StepAsync([2], Gone("/apis/a/policies/policy"), Gone("/apis/b/policies/policy"))));
        Assert.Empty(_projection.Abis);
    }

    [Fact]
    public async Task Expressions_ThatDoNotCompile_AreAnError_AndTheNextStepRepairsIt()
    {
        var before = await StepAsync([2], [.. Api("a"), Document("/apis/a", "@(x)")]);

        var broken = await _projection.StepAsync([Document("/apis/a", "@(wrong)")], 2);
        Assert.Contains("does not compile", Assert.Single(broken.Errors).Message, StringComparison.Ordinal);

        var after = await StepAsync([2], Document("/apis/a", "@(x)"));
        Assert.Equal(before.Select(part => (part.Part, part.Name)), after.Select(part => (part.Part, part.Name)));
    }

    [Fact]
    public async Task Abi_AskedForLater_GetsAllPrograms_AndLosesThemWhenItIsNotAskedForAnyMore()
    {
        await StepAsync([2], [.. Api("a"), .. Api("b"), Document("/apis/a", "@(x)"), Document("/apis/b", "@(y)")]);

        var both = await StepAsync([2, 1]);
        Assert.Equal([1, 1, 2, 2], Programs(both).Select(part => ProgramChunk.AbiOf(part.Part.Id)!.Value).Order());
        Assert.Equal([2, 1], _projection.Abis);

        var changed = await StepAsync([2, 1], Document("/apis/b", "@(z)"));
        Assert.Equal(2, Programs(changed).Count(part => part.Plain is not null));
        Assert.Equal(4, Programs(changed).Length);

        var one = await StepAsync([2]);
        Assert.Equal([2, 2], Programs(one).Select(part => ProgramChunk.AbiOf(part.Part.Id)!.Value));
    }

    [Fact]
    public async Task OlderAbi_ThatLacksWhatAnExpressionUses_IsLeftOutAsLongAsItDoes()
    {
        var parts = await StepAsync([2, 1], [.. Api("a"), .. Api("b"), Document("/apis/a", "@(since-2)"), Document("/apis/b", "@(x)")]);
        Assert.Equal([2, 2], Programs(parts).Select(part => ProgramChunk.AbiOf(part.Part.Id)!.Value));
        Assert.Equal([2], _projection.Abis);
        var compiled = _compiler.Compiled.Count;

        await StepAsync([2, 1], Api("b", "renamed")[0]);
        Assert.Equal(compiled, _compiler.Compiled.Count);

        await StepAsync([2, 1], Document("/apis/a", "@(z)"));
        Assert.Equal([1, 1, 2, 2], Programs(await StepAsync([2, 1])).Select(part => ProgramChunk.AbiOf(part.Part.Id)!.Value).Order());
        Assert.Equal([2, 1], _projection.Abis);
    }

    private async Task<IReadOnlyList<ProjectedChunk>> StepAsync(int[] abis, params Grains.Catalog.CatalogContent[] records)
    {
        var step = await _projection.StepAsync(records, abis);
        Assert.True(step.IsSuccess, string.Join("; ", step.Errors.Select(error => error.Message)));
        return step.Value;
    }

    private static Grains.Catalog.CatalogContent Document(string scope, string text) => Put($"{scope}/policies/policy", $$"""{"format":"rawxml","value":"{{text}}"}""");

    private static ProjectedChunk[] Programs(IReadOnlyList<ProjectedChunk> parts) => [.. parts.Where(part => part.Part.Kind == ChunkKind.Program)];

    private static ProgramChunk Read(ProjectedChunk part) => JsonSerializer.Deserialize(part.Plain!, PublicationJson.Default.ProgramChunk)!;

    /// <summary>The program that a tree names, and what its slots say there.</summary>
    private static (string? Program, string Texts) Expressions(string tree, ProgramSource program)
    {
        var read = Policies.Documents.PolicyTree.Deserialize(tree);
        return (read.Program, string.Join(' ', read.Root.Children.Select(child => program.Slots[child.Text!.Value.Slot])));
    }
}
