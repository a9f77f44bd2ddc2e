using System.Text.Json.Nodes;
using Gateway.Cli.Apply;

namespace Gateway.Cli.Tests.Apply;

public sealed class FolderChangeSetsTests
{
    [Fact]
    public void Changes_AsManyAsAChangeSetHolds_AreOne() => Assert.Equal([10_000], Sizes(Plain(10_000)));

    [Fact]
    public void Changes_BeyondTheBound_AreCutInTheirOrder()
    {
        var changes = Plain(25_000);

        var sets = FolderChangeSets.Split(changes);

        Assert.Equal([10_000, 10_000, 5_000], sets.Select(set => set.Count));
        Assert.Equal(changes, sets.SelectMany(set => set));
    }

    [Theory]
    [InlineData("{\"paths\":{\"/a\":{\"get\":{},\"post\":{}}}}")]
    [InlineData("paths:\n  /a:\n    get:\n      x: 1\n    post :\n      x: 1\n")]
    public void Operations_OfSpecifications_Count(string text) => Assert.Equal([3333, 1], Sizes([.. Enumerable.Repeat(Api(text), 3334)]));

    [Fact]
    public void Bytes_BeyondTheBound_AreCutToo() => Assert.Equal([4, 1], Sizes([.. Enumerable.Repeat(Api(new string('x', 10 << 20)), 5)]));

    [Fact]
    public void Change_ThatIsLargerThanTheBound_IsAlone() => Assert.Equal([1, 1, 1], Sizes([.. Plain(1), Api(string.Concat(Enumerable.Repeat("get: ", 10_001))), .. Plain(1)]));

    private static IEnumerable<int> Sizes(IReadOnlyList<FolderChange> changes) => FolderChangeSets.Split(changes).Select(set => set.Count);

    private static FolderChange[] Plain(int count) => [.. Enumerable.Range(0, count).Select(number => new FolderChange($"/namedValues/v{number}", [], $"{number}"))];

    private static FolderChange Api(string specification) => new("/apis/a", new JsonObject { ["value"] = specification }, "apiInformation.json", "specification.yaml");
}
