using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

public sealed class IndexPageTests
{
    [Fact]
    public void Chunks_SpreadOverAllPages()
    {
        var sizes = Enumerable.Range(0, 64_000).CountBy(number => IndexPage.Of(ChunkKind.Api, $"api-{number}")).ToDictionary();

        Assert.Equal(IndexPage.Count, sizes.Count);
        Assert.All(sizes.Values, size => Assert.InRange(size, 800, 1200));
    }

    [Theory]
    [InlineData(ChunkKind.Api, "orders", 40)]
    [InlineData(ChunkKind.Subscriptions, "07", 35)]
    [InlineData(ChunkKind.Api, "größe", 55)]
    public void PageOfAChunk_NeverChanges(ChunkKind kind, string id, int page) => Assert.Equal(page, IndexPage.Of(kind, id));

    [Theory]
    [InlineData("00", 0)]
    [InlineData("63", 63)]
    [InlineData("64", null)]
    [InlineData("5", null)]
    [InlineData("005", null)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    public void Number_IsReadInItsOneForm(string id, int? number) => Assert.Equal(number, IndexPage.Number(id));

    public static TheoryData<string, ChunkReference?[]> Malformed => new()
    {
        { "names no chunk", [] },
        { "well-formed", [null] },
        { "well-formed", [At(3) with { Name = "short" }] },
        { "well-formed", [At(3) with { Length = 0 }] },
        { "wrong kind", [At(3) with { Kind = ChunkKind.Index }] },
        { "wrong kind", [At(3) with { Kind = ChunkKind.Service }] },
        { "another page", [At(4)] },
        { "not in order", [At(3), At(3)] },
        { "not in order", [At(3, skip: 1), At(3)] },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void Page_Malformed_IsRefused(string expected, ChunkReference?[] chunks) =>
        Assert.Contains(expected, ManifestRules.Objection(3, new IndexPage { Chunks = chunks! }), StringComparison.Ordinal);

    [Fact]
    public void Page_WellFormed_IsFine() => Assert.Null(ManifestRules.Objection(3, new IndexPage { Chunks = [At(3), At(3, skip: 1)] }));

    // In ordinal order of their ids.
    private static ChunkReference At(int page, int skip = 0) =>
        new(ChunkKind.Api, Enumerable.Range(0, 10_000).Select(number => $"{number:d5}").Where(id => IndexPage.Of(ChunkKind.Api, id) == page).ElementAt(skip), new string('a', 43), 7);
}
