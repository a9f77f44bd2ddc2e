using Gateway.Edge.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Tests.Publications.Programs;
using Gateway.Grains.Publications.Programs;
using Gateway.Policies.Expressions.Programs;
using Gateway.PolicyCompiler.Programs;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications;

/// <summary>
/// A site while it moves to the next expression ABI: a silo of this version compiles for ABI 1; one of the next for 2, and for 1 when an
/// edge needs that; an edge of the next version also runs programs of this.
/// </summary>
public sealed class ExpressionAbiTests
{
    [Fact]
    public async Task SilosOfThisAndTheNextAbi_ServeEdgesOfBoth_WhicheverHoldsThePublications()
    {
        FakeCompiler[] compilers = [new(1), new(2, 1)];
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(100), trees: new FakeTrees(), compilers: compilers);
        await using var old = await EdgeFeed.StartAsync(site, "old", 1);
        await using var next = await EdgeFeed.StartAsync(site, "next", 2, 1);

        await site.CommitUncheckedAsync([.. Api("a"), Document("@(x)")]);
        await HasAsync(old, 1, "(x)");
        await HasAsync(next, null, "(x)");

        // The last silo of this version goes: its publications, if it held them, are followed by the other's.
        await site.StopSiloAsync(0);
        await site.CommitUncheckedAsync(Document("@(y)"));
        await HasAsync(old, 1, "(y)");
        await HasAsync(next, 2, "(y)");
        Assert.Contains((new ProgramSource(["(y)"]).Key, 1), compilers[1].Compiled);
        Assert.All(old.Applied, content => Assert.NotEqual(2, content.ExpressionAbi));
    }

    [Fact]
    public async Task SiloOfThisAbi_AloneAgain_ServesEdgesOfBoth()
    {
        await using var site = await PublicationCluster.StartAsync(
            TimeSpan.FromMilliseconds(100), trees: new FakeTrees(), compilers: [new FakeCompiler(1), new FakeCompiler(2, 1)]);
        await using var old = await EdgeFeed.StartAsync(site, "old", 1);
        await using var next = await EdgeFeed.StartAsync(site, "next", 2, 1);
        await site.CommitUncheckedAsync([.. Api("a"), Document("@(x)")]);
        await HasAsync(old, 1, "(x)");

        await site.StopSiloAsync(1);
        await site.CommitUncheckedAsync(Document("@(y)"));

        await HasAsync(old, 1, "(y)");
        await HasAsync(next, 1, "(y)");
    }

    [Fact]
    public async Task EdgeOfThisAbi_ThatComesToASiteOfTheNext_GetsItsPrograms()
    {
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(100), trees: new FakeTrees(), compilers: [new FakeCompiler(2, 1)]);
        await using var next = await EdgeFeed.StartAsync(site, "next", 2);
        await site.CommitUncheckedAsync([.. Api("a"), Document("@(x)")]);
        var content = await HasAsync(next, 2, "(x)");
        Assert.Equal([2], content.Manifest.ExpressionAbis);

        await using var old = await EdgeFeed.StartAsync(site, "old", 1);

        Assert.Equal([2, 1], (await HasAsync(old, 1, "(x)")).Manifest.ExpressionAbis);
    }

    /// <summary>The real compiler, under numbers that stand for this and the next version: one silo after the other is replaced.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upgrade_OfSilosFirstOrEdgesFirst_KeepsEdgesOfBothVersionsServed(bool isEdgesFirst)
    {
        var (first, second) = (new NumberedCompiler(1), new NumberedCompiler(2, 1));
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(100), compilers: [first, first, second, second]);
        await using var old = await EdgeFeed.StartAsync(site, "old", 1);
        var early = isEdgesFirst ? await EdgeFeed.StartAsync(site, "next", 2, 1) : null;
        await site.CommitUncheckedAsync([.. Api("a"), Real("@(context.Api.Id + 1)")]);
        await RunsAsync(old, 1, "@(context.Api.Id + 1)");
        await (early is null ? Task.CompletedTask : RunsAsync(early, 1, "@(context.Api.Id + 1)"));

        await site.AddSiloAsync();
        await site.StopSiloAsync(0);
        await site.CommitUncheckedAsync(Real("@(context.Api.Id + 2)"));
        await RunsAsync(old, 1, "@(context.Api.Id + 2)");
        await (early is null ? Task.CompletedTask : RunsAsync(early, null, "@(context.Api.Id + 2)"));

        await site.AddSiloAsync();
        await site.StopSiloAsync(1);
        await site.CommitUncheckedAsync(Real("@(context.Api.Id + 3)"));
        await using var next = early ?? await EdgeFeed.StartAsync(site, "next", 2, 1);
        await RunsAsync(next, 2, "@(context.Api.Id + 3)");
        await RunsAsync(old, 1, "@(context.Api.Id + 3)");
        Assert.All(old.Applied, content => Assert.NotEqual(2, content.ExpressionAbi));
    }

    private static CatalogContent Real(string expression) => Put("/apis/a/policies/policy", new System.Text.Json.Nodes.JsonObject
    {
        ["format"] = "rawxml",
        ["value"] = $"<policies><inbound><base /><set-variable name=\"v\" value=\"{expression}\" /></inbound></policies>",
    }.ToJsonString());

    /// <summary>Until the edge has the program, which it can load: the gate looks through it.</summary>
    private static async Task RunsAsync(EdgeFeed edge, int? abi, string text)
    {
        var content = await HasAsync(edge, abi, text);
        var program = content.Pages.SelectMany(page => page.Programs).Single().Value;
        var loaded = ExpressionProgram.Load(program.Key, program.Image);
        Assert.Equal(typeof(string), loaded.ResultOf(0));
        loaded.Unload();
    }

    private static CatalogContent Document(string text) => Put("/apis/a/policies/policy", $$"""{"format":"rawxml","value":"{{text}}"}""");

    private static Task<PublicationContent> HasAsync(EdgeFeed edge, int? abi, string text) => edge.UntilAsync(
        content => content.Pages.SelectMany(page => page.Programs).SingleOrDefault() is { } program
            && program.Value.Key == new ProgramSource([text]).Key && (abi is null || program.Value.Abi == abi),
        $"an edge has the program of {text} for ABI {abi}");

    /// <summary>The real compiler for APIs of these numbers, which all have the members of this version.</summary>
    private sealed class NumberedCompiler(params int[] abis) : IProgramCompiler
    {
        private readonly Dictionary<int, ExpressionApi> _apis = abis.ToDictionary(abi => abi, abi => new ExpressionApi(abi, ExpressionApi.Assemblies()));

        public IReadOnlyList<int> Abis => abis;

        public ProgramCompilation Compile(ProgramSource source, int abi) => ProgramCompiler.Compile(source, _apis[abi], CancellationToken.None);
    }
}
