using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Tests.Documents;

public sealed class PolicyTreeTests
{
    public static TheoryData<string, PolicyTree> Trees { get; } = new()
    {
        {
            """{"v":1,"r":{"n":"policies","l":0,"c":0}}""",
            new PolicyTree { Root = new() { Name = "policies" } }
        },
        {
            """{"v":1,"r":{"n":"a","l":1,"c":2,"a":[{"n":"x","v":"é<\"","l":3,"c":4},{"n":"y","s":0,"l":0,"c":0}],"t":{"v":"","l":5,"c":6}}}""",
            new PolicyTree
            {
                Root = new()
                {
                    Name = "a",
                    Line = 1,
                    Column = 2,
                    Attributes = [new("x", PolicyValue.FromLiteral("é<\""), 3, 4), new("y", PolicyValue.FromSlot(0), 0, 0)],
                    Text = new(PolicyValue.FromLiteral(""), 5, 6),
                },
            }
        },
        {
            """{"v":1,"p":"abc","r":{"n":"a","l":0,"c":0,"k":[{"n":"b","l":0,"c":0,"t":{"s":7,"l":1,"c":1}},{"n":"b","l":0,"c":0}]}}""",
            new PolicyTree
            {
                Program = "abc",
                Root = new()
                {
                    Name = "a",
                    Children = [new() { Name = "b", Text = new(PolicyValue.FromSlot(7), 1, 1) }, new() { Name = "b" }],
                },
            }
        },
        {
            """{"v":1,"p":"abc","r":{"n":"a","l":0,"c":0,"a":[{"n":"x","s":3,"b":1,"l":0,"c":0}],"t":{"s":7,"b":3,"o":true,"l":1,"c":1}}}""",
            new PolicyTree
            {
                Program = "abc",
                Root = new()
                {
                    Name = "a",
                    Attributes = [new("x", PolicyValue.FromSlot(3, BodyUse.Request), 0, 0)],
                    Text = new(PolicyValue.FromSlot(7, BodyUse.Request | BodyUse.Response, seesOutcome: true), 1, 1),
                },
            }
        },
    };

    [Fact]
    public void WithProgram_Slots_AreRenumberedAndNothingElseChanges()
    {
        const string text = """{"v":1,"p":"old","r":{"n":"a","l":1,"c":2,"a":[{"n":"x","v":"1","l":1,"c":4},{"n":"y","s":0,"b":2,"l":2,"c":3}],"k":[{"n":"b","l":3,"c":1,"t":{"s":1,"l":3,"c":3}},{"n":"c","l":4,"c":1}]}}""";
        var tree = PolicyTree.Deserialize(text);

        var moved = tree.WithProgram("new", [5, 9]);

        Assert.Equal(
            text.Replace("old", "new", StringComparison.Ordinal).Replace("\"s\":0", "\"s\":5", StringComparison.Ordinal).Replace("\"s\":1", "\"s\":9", StringComparison.Ordinal),
            moved.Serialize());
        Assert.Same(tree.Root.Children[1], moved.Root.Children[1]);
        Assert.Equal(text, tree.Serialize());
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void Serialize_Tree_IsThisTextForEver(string text, PolicyTree tree) =>
        Assert.Equal(text, tree.Serialize());

    [Theory]
    [MemberData(nameof(Trees))]
    public void Deserialize_Text_GivesTheTreeBack(string text, PolicyTree tree)
    {
        var read = PolicyTree.Deserialize(text);

        Assert.Equal(tree.Program, read.Program);
        AssertSame(tree.Root, read.Root);
    }

    [Fact]
    public void Deserialize_DeepestTree_IsRead()
    {
        var element = new PolicyElement { Name = "a", Attributes = [new("x", PolicyValue.FromLiteral("1"), 1, 1)] };
        for (var i = 1; i < PolicyTree.MaximumDepth; i++)
        {
            element = new PolicyElement { Name = "a", Children = [element] };
        }

        var tree = new PolicyTree { Root = element };

        AssertSame(element, PolicyTree.Deserialize(tree.Serialize()).Root);
        Assert.Throws<FormatException>(() => PolicyTree.Deserialize(
            new PolicyTree { Root = new() { Name = "a", Children = [element] } }.Serialize()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<policies/>")]
    [InlineData("""{"v":2,"r":{"n":"a"}}""")]
    [InlineData("""{"v":1,"r":null}""")]
    [InlineData("""{"v":1,"r":{"n":null}}""")]
    [InlineData("""{"v":1,"r":{"l":1}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","k":[null]}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","a":[null]}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","a":[{"v":"1"}]}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","a":[{"n":"x"}]}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","a":[{"n":"x","v":"1","s":1}]}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","t":{"s":-1}}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","t":{"s":1,"b":8}}}""")]
    [InlineData("""{"v":1,"r":{"n":"a","t":{"v":"1","b":1}}}""")]
    public void Deserialize_Damaged_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => PolicyTree.Deserialize(text));

    [Fact]
    public void Deserialize_TooManyElements_IsRefused()
    {
        var children = Enumerable.Repeat(new PolicyElement { Name = "a" }, PolicyTree.MaximumElements).ToArray();

        Assert.Throws<FormatException>(() => PolicyTree.Deserialize(new PolicyTree { Root = new() { Name = "a", Children = children } }.Serialize()));
    }

    [Fact]
    public void Deserialize_TooLong_IsRefused() =>
        Assert.Throws<FormatException>(() => PolicyTree.Deserialize(new string(' ', PolicyTree.MaximumSerializedLength + 1)));

    private static void AssertSame(PolicyElement expected, PolicyElement actual)
    {
        Assert.Equal((expected.Name, expected.Line, expected.Column, expected.Text), (actual.Name, actual.Line, actual.Column, actual.Text));
        Assert.Equal(expected.Attributes, actual.Attributes);
        Assert.Equal(expected.Children.Count, actual.Children.Count);
        foreach (var (e, a) in expected.Children.Zip(actual.Children))
        {
            AssertSame(e, a);
        }
    }
}
