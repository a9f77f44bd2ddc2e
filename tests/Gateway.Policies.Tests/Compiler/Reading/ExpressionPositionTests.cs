using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>
/// A finding in an expression is reported where its author sees it. § stands there and is taken out before; the compiler of these tests
/// finds fault with every <c>BAD</c>.
/// </summary>
public sealed class ExpressionPositionTests
{
    private const string Finding = "The name 'BAD' is not good.";

    public static TheoryData<string> Places { get; } =
    [
        "<policies x=\"@(§BAD)\"/>",
        "<policies>@{ return §BAD; }</policies>",
        "<policies x=\"@(1 + §BAD)\" y=\"@(2)\" z=\"@(§BAD)\"/>",
        "<policies x=\"@(§BAD)\">\n<inbound y='@(§BAD)'>\r\n\t@(§BAD)</inbound></policies>",
        // lines and tabs
        "<policies\n  x=\"@{\n\t\tvar a = \"}\"; // \"\n\t\treturn §BAD;\n\t}\"/>",
        "<policies\r\n  x=\"@{\r\n\t\tvar a = \"}\"; // \"\r\n\t\treturn §BAD;\r\n\t}\"/>",
        "<policies\r  x=\"@{\r\t\treturn §BAD;\r\t}\"/>",
        "\uFEFF<policies>\n\t <!-- \n --> @(\n\n  §BAD)</policies>",
        "\n  <?xml version=\"1.0\"?><policies>\n<![CDATA[\n @(§BAD) ]]></policies>",
        // references are longer than their characters
        "<policies x=\"@(&quot;a&quot; + §BAD)\"/>",
        "<policies x=\"@(&quot;a&#34; &amp;&#x26; 1 &lt; 2 &#38;&#38;\n &gt;§BAD)\" y=\"&amp;&amp;@(\"/>",
        "<policies>@(a &lt; b &amp;&amp; §BAD)</policies>",
        "<policies>@(\"&lt;\" + As<BODY>(§BAD))</policies>",
        // named values longer and shorter than their names
        "<policies x=\"@(\"{{long}}\" + §BAD)\"/>",
        "<policies x=\"@(\"{{s}}{{s}}\" + §BAD + \"{{long}}\" + 1 + §BAD)\"/>",
        "<policies x=\"@(&quot;{{s}}&quot; + §BAD)\">@({{s}}\n+{{lines}} §BAD)</policies>",
        "<policies>{{lines}}<inbound x=\"{{long}}\">\n@(§BAD)</inbound></policies>",
        // what a named value holds is reported where its name stands
        "<policies x=\"@(1 + §{{bad}} + 1)\"/>",
        "<policies>\n §{{expression}}</policies>",
        // characters of two code units
        "<policies x=\"@(\"😀\" + §BAD)\"/>",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Check_Finding_StandsWhereItsAuthorSeesIt(string marked)
    {
        var expected = new List<(int, int)>();
        var text = marked;
        for (var at = text.IndexOf('§', StringComparison.Ordinal); at >= 0; at = text.IndexOf('§', StringComparison.Ordinal))
        {
            var before = text[..at].Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
            expected.Add((before.Length, before[^1].Length + 1));
            text = text.Remove(at, 1);
        }

        var findings = Check(text).Diagnostics.Where(d => d.Message == Finding || d.Message.Contains("named values that stand in it", StringComparison.Ordinal));

        Assert.Equal(expected, findings.Select(d => (d.Line, d.Column)));
    }

    [Fact]
    public void Check_Finding_NamesTheElement()
    {
        var findings = Check("<policies><inbound x=\"@(BAD)\"><base>@(BAD)</base></inbound></policies>").Diagnostics.Where(d => d.Message == Finding);

        Assert.Equal(["inbound", "base"], findings.Select(d => d.Element));
    }

    [Theory]
    [InlineData("@({{bad}})", "BAD")]
    [InlineData("@(x{{part}})", "hunter2 BAD")]
    [InlineData("@(x{{part}} + {{bad}})", "hunter2 BAD")]
    [InlineData("{{expression}}", "BAD")]
    public void Check_FindingThatHoldsANamedValue_IsNotShown(string expression, string hidden)
    {
        foreach (var finding in Check($"<policies x=\"{expression}\"/>").Diagnostics)
        {
            Assert.All(hidden.Split(' '), word => Assert.DoesNotContain(word, finding.ToString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Check_FindingBesideANamedValue_IsShown() =>
        Assert.Contains(Check("<policies x=\"@({{part}} + BAD)\"/>").Diagnostics, d => d.Message == Finding);

    [Fact]
    public void Check_TextThatIsNotRead_CompilesNothing()
    {
        PolicySource[] sources = [Documents.Source("<policies x=\"@(BAD)\"><a></policies>"), Documents.Source("<policies x=\"@(BAD\"/>"), Documents.Source("<policies/>")];

        var compilations = PolicyDocumentCompiler.Check(sources, _ => throw new InvalidOperationException("There is nothing to compile."));

        Assert.Equal([null, null, "{\"v\":1,\"r\":{\"n\":\"policies\",\"l\":1,\"c\":2}}"], compilations.Select(c => c.Tree));
    }

    [Fact]
    public void Check_NamedValueThatIsMissing_HidesNoOtherMistake()
    {
        var errors = Check("<policies x=\"@(BAD)\" y=\"{{missing}}\" z=\"@({{missing}} + )\"/>").Diagnostics.Where(d => d.Severity == PolicySeverity.Error).ToArray();

        Assert.Contains(errors, d => d.Message == Finding);
        Assert.Single(errors, d => d.Message == "There is no named value 'missing'.");
        Assert.DoesNotContain(errors, d => d.Column > 40);
    }

    [Fact]
    public void Check_SeveralDocuments_CompilesTheirExpressionsOnceTogether()
    {
        var programs = new List<ProgramSource>();
        PolicySource[] sources = [Documents.Source("<policies x=\"@(BAD)\" y=\"@(1)\"/>"), Documents.Source("<policies>\n@(1)</policies>"), Documents.Source("<policies>\n@(BAD)</policies>")];

        var compilations = PolicyDocumentCompiler.Check(sources, program =>
        {
            programs.Add(program);
            return Compile(program);
        });

        Assert.Equal(["@(1)", "@(BAD)"], Assert.Single(programs).Slots);
        Assert.Equal([1, 0, 1], compilations.Select(c => c.Diagnostics.Count(d => d.Message == Finding)));
    }

    private static PolicyCompilation Check(string text) => PolicyDocumentCompiler.Check(
        [
            Documents.Source(
                text,
                ("long", "a value that is much longer than its name, (with brackets)"),
                ("s", "1"),
                ("lines", "1 +\n2"),
                ("bad", "BAD"),
                ("part", "hunter2"),
                ("expression", "@(BAD)")),
        ],
        Compile)[0];

    private static ProgramCompilation Compile(ProgramSource program) => new()
    {
        Results = [.. program.Slots.Select(_ => (Type?)null)],
        Diagnostics = [.. program.Slots.SelectMany((text, slot) => Findings(text).Select(offset => new SlotDiagnostic(slot, offset, text.Contains("hunter2", StringComparison.Ordinal) && !text.Contains("+ BAD", StringComparison.Ordinal) ? "The name 'xhunter2' is not good." : Finding)))],
    };

    private static IEnumerable<int> Findings(string text)
    {
        for (var at = text.IndexOf("BAD", StringComparison.Ordinal); at >= 0; at = text.IndexOf("BAD", at + 1, StringComparison.Ordinal))
        {
            yield return at;
        }

        if (text.Contains("(xhunter2", StringComparison.Ordinal))
        {
            yield return 2;
        }
    }
}
