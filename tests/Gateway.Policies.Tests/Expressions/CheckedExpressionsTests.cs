using Gateway.PolicyCompiler.Programs;

namespace Gateway.Policies.Tests.Expressions;

/// <summary>What was checked once is not bound again, and gives the same program.</summary>
public sealed class CheckedExpressionsTests
{
    private const string First = "@(context.RequestId + \"a\".PadLeft(3))";
    private const string Second = "@{ var n = 0; foreach (var c in \"abc\") { n += c; } return n; }";
    private const string Third = "@(new[] { 1, 2 }.Select(n => new { n }).Count())";

    private readonly ExpressionApi _api = new(1, ExpressionApi.Assemblies());

    [Fact]
    public void Program_OfExpressionsCheckedInParts_IsTheSameAsOneThatIsNew()
    {
        Check(First, Third);
        Check(Second, Third);
        var bound = _api.Checked.Bound;

        var compilation = Compile(First, Second, Third);

        Assert.Equal(3, bound);
        Assert.Equal(bound, _api.Checked.Bound);
        Assert.Equal(Programs.Compile(First, Second, Third).Image, compilation.Image);
        Assert.Equal([typeof(string), typeof(int), typeof(int)], compilation.Results.OrderBy(type => type!.Name == "Int32"));
    }

    [Fact]
    public void Program_OfOneCheckedDocument_IsItsImage()
    {
        Check(First, Second);
        var image = Compile(Second, First).Image;

        Assert.Equal(Programs.Compile(First, Second).Image, image);
        Assert.Equal(image, Compile(First, Second).Image);
    }

    [Fact]
    public void Check_OfAWrongExpressionBesideKnownOnes_FindsItEachTime()
    {
        const string Wrong = "@(context.Nothing)";
        Check(First, Third);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var check = ProgramCompiler.Check(new ProgramSource([First, Wrong, Second]), _api, CancellationToken.None);

            var source = new ProgramSource([First, Wrong, Second]);
            Assert.Equal([source[Wrong]], check.Diagnostics.Select(diagnostic => diagnostic.Slot).Distinct());
            Assert.Equal((typeof(string), null, typeof(int)), (check.Results[source[First]], check.Results[source[Wrong]], check.Results[source[Second]]));
        }

        Assert.NotEmpty(Compile(First, Wrong).Diagnostics);
    }

    [Fact]
    public void Memory_IsBounded()
    {
        var expressions = new CheckedExpressions();
        var expression = new CheckedExpression(typeof(int), "int", null!);
        for (var i = 0; i < 100; i++)
        {
            expressions.Keep(new string('x', 10_000) + i, expression);
            expressions.KeepImage($"{i}", new byte[100_000]);
        }

        Assert.InRange(Enumerable.Range(0, 100).Count(i => expressions.Find(new string('x', 10_000) + i) is not null), 1, 53);
        Assert.InRange(Enumerable.Range(0, 100).Count(i => expressions.TryTakeImage($"{i}", out _)), 1, 42);
    }

    private void Check(params string[] texts) => Assert.Empty(ProgramCompiler.Check(new ProgramSource(texts), _api, CancellationToken.None).Diagnostics);

    private ProgramCompilation Compile(params string[] texts) => ProgramCompiler.Compile(new ProgramSource(texts), _api, CancellationToken.None);
}
