using System.Text;
using Gateway.PolicyCompiler;
using Gateway.Testing;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>A long document made of one thing again and again, in every position, costs about what any text of its length does.</summary>
public sealed class HostileDocumentTests
{
    // Reading takes some 0.3 s for all of them, without optimisation, on a machine with nothing else to do; what grows with the square of the
    // length would take minutes.
    private const double BoundSeconds = 20;

    public static TheoryData<string> Parts { get; } =
    [
        "@(", "@{", "@(1)", "(", ")", "{", "{{", "{{{", "{{a", "{{a}}", "{{none}}", "}}", "[", "]", "\"", "\\\"", "'", "\\'", "$", "$\"", "$\"{", "$@\"{", "@\"", "$$\"\"\"{{", "\"\"\"",
        "/*", "*/", "//", "/**/", "\n//", "<", " <", "<a>", "<a/>", "<a x=\"", "<a x=\"@(", "<a x='{{a}}'>", "</a>", "<!--", "-->", "<!---->", "<![CDATA[", "]]>", "<![CDATA[]]>", "<?", "<?a?>", "<set-body template='liquid'>", "<!--</set-body-->",
        "&", "&#", "&amp;", "&#x", "&quot;", "@(\"", "@(&quot;", "a", "a ", " ", "\n", "\r\n", "x=\"1\" ", "\\u0042", ":", "Body", "😀",
    ];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Document_OfOneThing_IsReadInBoundedTime(string part)
    {
        var many = new StringBuilder().Insert(0, part, PolicySource.MaximumBytes / 4 / Encoding.UTF8.GetByteCount(part)).ToString();
        var spent = ProcessorTime.Start();

        foreach (var document in new[] { many, $"<a>{many}</a>", $"<a x=\"{many}\"/>", $"<a x='@({many})'/>", $"<a>@{{{many}}}</a>", $"<a {many}/>", $"<a>@(\"{many}\")</a>", $"<a>@($\"{many}\")</a>", $"<a><![CDATA[@({many})]]></a>", $"<set-body template='liquid'>{many}</set-body>" })
        {
            Documents.Read(document, ("a", "1"));
        }

        spent.AssertAtMost(BoundSeconds);
    }

    [Fact]
    public void Document_BeyondTheLimit_IsNotReadAtAll()
    {
        var text = new StringBuilder().Insert(0, "@(", 50_000_000).ToString();
        var spent = ProcessorTime.Start();

        var (reading, findings) = Documents.Read(text);

        Assert.Null(reading.Root);
        Assert.Contains("512 KB", Assert.Single(findings).Message, StringComparison.Ordinal);
        spent.AssertAtMost(BoundSeconds);
    }

    [Theory]
    [InlineData("<a>@({0})</a>", "(", ")", 200, true)]
    [InlineData("<a>@({0})</a>", "(", ")", 300, false)]
    [InlineData("<a>@({0})</a>", "$\"{", "}\"", 100, true)]
    [InlineData("<a>@({0})</a>", "$\"{", "}\"", 200, false)]
    public void Expression_DeeplyNested_IsBounded(string document, string open, string close, int depth, bool isRead)
    {
        var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));

        Assert.Equal(isRead, Documents.Read(document.Replace("{0}", nested, StringComparison.Ordinal)).Reading.Root is not null);
    }

    [Fact]
    public void Expressions_TooMany_AreRefusedWhereTheBoundIsPassed()
    {
        var text = "<a>" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"<b x=\"@({i})\" y=\"@(1)\"/>\n")) + "</a>";

        var finding = Assert.Single(Documents.Read(text).Findings);

        Assert.Contains("1000 different expressions at most", finding.Message, StringComparison.Ordinal);
        Assert.Equal((1001, 7), (finding.Line, finding.Column));
        Assert.NotNull(Documents.Read(text.Replace("@(1000)", "@(0)", StringComparison.Ordinal)).Reading.Root);
    }

    [Theory]
    [InlineData(32_764, true)]
    [InlineData(32_765, false)]
    public void Expression_TooLong_IsRefused(int length, bool isRead) =>
        Assert.Equal(isRead, Documents.Read($"<a>@({new string('1', length)}{{{{n}}}})</a>", ("n", "1")).Reading.Root is not null);

    [Fact]
    public void NamedValues_ThatGrowExpressions_AreBounded()
    {
        var text = "<a>" + string.Concat(Enumerable.Repeat("<b x=\"@(\"{{a}}\")\" y='{{a}}' z=\"{{a}}@(\"/>", 5000)) + "</a>";

        var (reading, findings) = Documents.Read(text, ("a", new string('x', 4096)));

        Assert.Contains("512 KB at most, together", Assert.Single(findings).Message, StringComparison.Ordinal);
        Assert.True(reading.Expressions.Sum(expression => (long)expression.Text.Length) < 2 * PolicySource.MaximumBytes);
    }
}
