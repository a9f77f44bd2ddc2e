using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Documents with expressions through the real compiler. § stands where the finding must point, and is taken out before.</summary>
public sealed class PolicyCheckTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§missing.Length)</value></set-header></inbound></policies>", "missing" },
        { "value", "<policies>\r\n<inbound>\r\n<set-header name=\"A\">\r\n<value>@{\r\n\tvar a = \"}\";\r\n\treturn a.§Lengthy;\r\n}</value></set-header></inbound></policies>", "Lengthy" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(&quot;{{long}}&quot; + 1 &lt; §missing)</value></set-header></inbound></policies>", "missing" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@((\"{{long}}\" as §Missing).Length)</value></set-header></inbound></policies>", "Missing" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§System.IO.File.ReadAllText(\"/etc/passwd\"))</value></set-header></inbound></policies>", "File" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(1 +§)</value></set-header></inbound></policies>", "" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§a{{word}} + 1)</value></set-header></inbound></policies>", "" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@{ switch (\"a\") { case \"{{word}}\": return 1; §case \"{{word}}\": return 2; } return 3; }</value></set-header></inbound></policies>", "with the named values that stand in it" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(1 + §{{word}})</value></set-header></inbound></policies>", "with the named values that stand in it" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Check_ExpressionWithMistake_PointsAtIt(string element, string marked, string message)
    {
        var offset = marked.IndexOf('§', StringComparison.Ordinal);
        var lines = marked[..offset].Split('\n');

        var compilation = Check(marked.Remove(offset, 1));

        Assert.Null(compilation.Tree);
        Assert.Contains(compilation.Diagnostics, finding =>
            (finding.Element, finding.Line, finding.Column) == (element, lines.Length, lines[^1].Length + 1) && finding.Message.Contains(message, StringComparison.Ordinal));
        Assert.DoesNotContain(compilation.Diagnostics, finding => finding.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_MistakeAtSeveralPlaces_IsReportedAtEach()
    {
        var findings = Check("<policies><inbound><set-header name=\"A\"><value>@(missing)</value><value>\n@(missing)</value></set-header></inbound></policies>").Diagnostics;

        Assert.Equal([(1, 50), (2, 3)], findings.Where(finding => finding.Message.Contains("missing", StringComparison.Ordinal)).Select(finding => (finding.Line, finding.Column)));
    }

    private static PolicyCompilation Check(string text) => PolicyDocumentCompiler.Check(
        [
            new PolicySource
            {
                Text = text,
                Scope = PolicyScope.Api,
                NamedValues = name => name switch { "long" => new("much longer than its name", false), "word" => new("hunter2", true), _ => null },
            },
        ],
        CancellationToken.None)[0];
}
