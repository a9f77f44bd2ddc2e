using Gateway.Edge.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Tests.Publications.Programs;
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

    private static CatalogContent Document(string text) => Put("/apis/a/policies/policy", $$"""{"format":"rawxml","value":"{{text}}"}""");

    private static Task<PublicationContent> HasAsync(EdgeFeed edge, int? abi, string text) => edge.UntilAsync(
        content => content.Pages.SelectMany(page => page.Programs).SingleOrDefault() is { } program
            && program.Value.Key == new ProgramSource([text]).Key && (abi is null || program.Value.Abi == abi),
        $"an edge has the program of {text} for ABI {abi}");
}
