using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Tests.Fakes;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

public sealed class FragmentTests
{
    private const string Header = """<set-header name="X-{0}"><value>{1}</value></set-header>""";

    [Fact]
    public async Task IncludeFragment_InSectionAndChoose_RunsItsPoliciesInPlace()
    {
        var compilation = Compile(
            """<policies><inbound><include-fragment fragment-id=" f " /><choose><when condition="@(true)"><include-fragment fragment-id="g" /></when></choose></inbound></policies>""",
            ("f", $"<fragment>{string.Format(null, Header, "F", "1")}{string.Format(null, Header, "F2", "{{n}}")}</fragment>"),
            ("g", $"<fragment>{string.Format(null, Header, "G", "2")}</fragment>"));
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(["f", "g"], compilation.Fragments);
        Assert.Equal(["n"], compilation.FragmentNamedValues);
        Assert.Empty(compilation.NamedValues);
        Assert.Equal(["/policyFragments/f", "/policyFragments/g"], compilation.References.Select(reference => reference.Path));

        var context = FakePolicyContext.Create();
        context.Match(new("a", "a", "a", "1", "http://api"));
        await PolicyPipeline.Flatten(null, null, Compiled.Document(compilation, PolicyScope.Api), null).ExecuteAsync(context);

        var headers = Assert.Single(context.FakeBackend.Requests).Headers;
        Assert.Equal(("1", "value", "2"), (headers.GetValueOrDefault("X-F"), headers.GetValueOrDefault("X-F2"), headers.GetValueOrDefault("X-G")));
    }

    [Theory]
    [InlineData("<include-fragment />", "", 1, 21, "'fragment-id' is missing")]
    [InlineData("<include-fragment fragment-id=\"\" />", "", 1, 38, "must not be empty")]
    [InlineData("<include-fragment fragment-id=\"gone\" />", "", 1, 38, "There is no policy fragment 'gone'.")]
    [InlineData("<include-fragment fragment-id=\"@(1)\" />", "", 1, 38, "may not be an expression")]
    [InlineData("<include-fragment fragment-id=\"f\"><set-status code=\"200\" /></include-fragment>", "<fragment/>", 1, 21, "may hold no elements")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<policies/>", 1, 21, "on line 1, column 2: The outermost element of a policy fragment must be 'fragment'.")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment>", 1, 21, "In the policy fragment 'f', element 'fragment' on line 1, column 11:")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment>\n<set-status code=\"200\" /></fragment>", 1, 21, "In the policy fragment 'f', element 'set-status' on line 2, column 2: The policy 'set-status' may not stand in inbound")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment>\n<set-variable name=\"a\" value=\"@(gone)\" /></fragment>", 1, 21, "In the policy fragment 'f', element 'set-variable' on line 2, column 33: The name 'gone' does not exist")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment><include-fragment fragment-id=\"f\" /></fragment>", 1, 21, "may not include another one")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment><base /></fragment>", 1, 21, "'base'")]
    [InlineData("<include-fragment fragment-id=\"f\" />", "<fragment><inbound /></fragment>", 1, 21, "'inbound'")]
    public void IncludeFragment_Wrong_IsSaidWhereItIsIncluded(string element, string fragment, int line, int column, string message)
    {
        var compilation = Compile($"<policies><inbound>{element}</inbound></policies>", ("f", fragment));

        var finding = Assert.Single(compilation.Diagnostics);
        Assert.Equal((line, column), (finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Null(compilation.Tree);
    }

    [Fact]
    public void IncludeFragment_ManyOfALargeOne_IsBounded()
    {
        var large = $"<fragment>{string.Concat(Enumerable.Repeat("<choose><when condition=\"true\" /></choose>", 1000))}</fragment>";
        var text = $"<policies><inbound>{string.Concat(Enumerable.Repeat("<include-fragment fragment-id=\"f\" />", 1000))}</inbound></policies>";

        var compilation = Compile(text, ("f", large));

        Assert.Null(compilation.Tree);
        Assert.Contains("10000 elements at most", compilation.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IncludeFragment_TooManyDifferentOnes_IsRefused()
    {
        var text = $"<policies><inbound>{string.Concat(Enumerable.Range(0, 51).Select(i => $"<include-fragment fragment-id=\"f{i}\" />"))}</inbound></policies>";

        var compilation = Compile(text, [.. Enumerable.Range(0, 51).Select(i => ($"f{i}", "<fragment/>"))]);

        Assert.Contains("50 different fragments at most", Assert.Single(compilation.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<fragment><set-status code=\"200\" /></fragment>", null)]
    [InlineData("<fragment><forward-request /></fragment>", null)]
    [InlineData("<fragment><rewrite-uri template=\"/x\" /><set-variable name=\"a\" value=\"1\" /></fragment>", null)]
    [InlineData("<fragment><rewrite-uri template=\"/x\" /><set-status code=\"200\" /></fragment>", "may not stand in")]
    [InlineData("<fragment a=\"1\" />", "has no attribute 'a'")]
    [InlineData("<fragment>text</fragment>", "may not hold text")]
    [InlineData("<fragment><unknown /></fragment>", "'unknown' is not known")]
    public void Fragment_Alone_IsCorrectWhenSomeSectionTakesIt(string text, string? message)
    {
        var compilation = PolicyDocumentCompiler.Compile(new PolicySource { Text = text, IsFragment = true, Scope = PolicyScope.All });

        Assert.Equal(message is null ? 0 : 1, compilation.Diagnostics.Count);
        Assert.Contains(message ?? "", compilation.Diagnostics.Select(finding => finding.Message).FirstOrDefault(""), StringComparison.Ordinal);
    }

    private static PolicyCompilation Compile(string text, params (string Id, string Text)[] fragments) =>
        PolicyDocumentCompiler.Check(
            [
                new PolicySource
                {
                    Text = text,
                    IsRaw = true,
                    Scope = PolicyScope.Api,
                    NamedValues = name => name == "n" ? new NamedValue("value", true) : null,
                    Fragments = id => fragments.Where(fragment => fragment.Id == id).Select(fragment => new FragmentText(fragment.Text, true)).FirstOrDefault(),
                },
            ],
            CancellationToken.None)[0];
}
