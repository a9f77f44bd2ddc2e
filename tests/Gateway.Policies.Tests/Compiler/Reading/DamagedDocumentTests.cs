namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>Documents with random damage: whatever becomes of them, it is a tree or a finding within the text, never anything else.</summary>
public sealed class DamagedDocumentTests
{
    private const string Whole =
        "\uFEFF<?xml version=\"1.0\"?>\r\n<policies><!-- -- --><inbound x=\"@($\"a {b[\"c\"]:d} {{ e}}\" + @\"\"\"\" + 'f' /* g */)\" y='@(&quot;h&quot; &lt; {{n}})'>"
        + "<base z=\"{{expression}}\"/>\n\t@{ // i'\n return \"\\\"}\" + \"\"\"j\"\"\"; } </inbound><set-body template=\"liquid\">{{k}} <l>&amp;&#10;</l> < m</set-body><![CDATA[ @(1) ]]><?o?></policies>";

    private const string Pieces = "\"'<>&;@(){}[]{{}}$\\/*:!-?#x= \r\n\tan";

    [Fact]
    public void Document_WithRandomDamage_IsReadOrRefusedAtAPlaceOfIt()
    {
        var random = new Random(20260);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = Damage(random);
            var lines = text.ReplaceLineEndings("\n").Split('\n');

            var (reading, findings) = Documents.Read(text, ("n", "1\" < {{n}}"), ("expression", " @(\"<a>\")"));

            Assert.True(reading.Root is not null || findings.Count > 0, text);
            Assert.All(findings, finding => Assert.True(finding.Line >= 1 && finding.Column >= 1 && finding.Line <= lines.Length && finding.Column <= lines[finding.Line - 1].Length + 1, $"{finding} in {text}"));
            Assert.All(reading.Expressions, expression => Assert.InRange(expression.SourceOf(expression.Text.Length - 1), expression.SourceOf(0), text.Length - 1));
            read += reading.Root is null ? 0 : 1;
        }

        Assert.InRange(read, 100, 19_900);
    }

    [Fact]
    public void Document_CutOffAnywhere_IsRefused()
    {
        for (var length = 0; length < Whole.Length; length++)
        {
            var (reading, findings) = Documents.Read(Whole[..length], ("n", "1"), ("expression", "@(1)"));

            Assert.Null(reading.Root);
            Assert.Single(findings);
        }
    }

    private static string Damage(Random random)
    {
        var text = Whole;
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(4), text.Length - at);
            text = text.Remove(at, length).Insert(at, random.Next(3) == 0 ? "" : Pieces[random.Next(Pieces.Length)].ToString());
        }

        return text;
    }
}
