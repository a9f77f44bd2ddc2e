using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>
/// Documents with random damage: whatever becomes of them, it is a tree or a finding within the text, never anything else; and a tree stays the same in both spellings. The
/// variables <c>GATEWAY_FUZZ</c> (inputs) and <c>GATEWAY_FUZZ_SEED</c> make longer runs of other inputs, <c>GATEWAY_POLICY_DOCUMENTS</c> damages collected documents, too.
/// </summary>
public sealed class DamagedDocumentTests
{
    private static readonly int s_inputs = Number("GATEWAY_FUZZ", 20_000);
    private static readonly int s_seed = Number("GATEWAY_FUZZ_SEED", 20260);
    private static readonly string[] s_documents =
    [
        Whole,
        .. Environment.GetEnvironmentVariable(CollectedDocumentsFactAttribute.Folder) is { } folder
            ? Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(text => text.Length < 10_000)
            : [],
    ];

    private const string Whole =
        "\uFEFF<?xml version=\"1.0\"?>\r\n<policies><!-- -- --><inbound x=\"@($\"a {b[\"c\"]:d} {{ e}}\" + @\"\"\"\" + 'f' /* g */)\" y='@(&quot;h&quot; &lt; {{n}})'>"
        + "<base z=\"{{expression}}\"/>\n\t@{ // i'\n return \"\\\"}\" + \"\"\"j\"\"\"; } </inbound><set-body template=\"liquid\">{{k}} <l>&amp;&#10;</l> < m</set-body><![CDATA[ @(1) ]]><?o?></policies>";

    private const string Pieces = "\"'<>&;@(){}[]{{}}$\\/*:!-?#x= \r\n\tan";

    [Fact]
    public void Document_WithRandomDamage_IsReadOrRefusedAtAPlaceOfIt()
    {
        var random = new Random(s_seed);
        var read = 0;
        for (var i = 0; i < s_inputs; i++)
        {
            var text = Damage(random, s_documents[i % s_documents.Length]);
            var lines = text.ReplaceLineEndings("\n").Split('\n');

            var (reading, findings) = Documents.Read(text, ("n", "1\" < {{n}}"), ("expression", " @(\"<a>\")"));

            Assert.True(reading.Root is not null || findings.Count > 0, text);
            Assert.All(findings, finding => Assert.True(finding.Line >= 1 && finding.Column >= 1 && finding.Line <= lines.Length && finding.Column <= lines[finding.Line - 1].Length + 1, $"{finding} in {text}"));
            Assert.All(reading.Expressions, expression => Assert.InRange(expression.SourceOf(expression.Text.Length - 1), expression.SourceOf(0), text.Length - 1));
            read += reading.Root is null ? 0 : 1;
        }

        Assert.InRange(read, s_inputs / 200, s_inputs - (s_inputs / 200));
    }

    [Fact]
    public void Document_WithRandomDamage_IsTheSameInBothSpellings()
    {
        var random = new Random(s_seed + 1);
        var read = 0;
        for (var i = 0; i < s_inputs / 4; i++)
        {
            var text = Damage(random, s_documents[i % s_documents.Length]);
            if (Meaning(text, isRaw: true) is not { } meaning)
            {
                continue;
            }

            var xml = PolicySpelling.ToXml(text, isRaw: true);

            Assert.True(xml == text || meaning == Meaning(xml, isRaw: false), $"As xml: {text}");
            Assert.True(xml == text || meaning == Meaning(PolicySpelling.ToRaw(xml), isRaw: true), $"And back: {text}");
            read++;
        }

        Assert.NotEqual(0, read);
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

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    /// <summary>What a document says, in one text; null when it cannot be read.</summary>
    private static string? Meaning(string text, bool isRaw)
    {
        var reading = PolicyXmlReader.Read(new PolicySource { Text = text, Scope = PolicyScope.Api, IsRaw = isRaw }, new());
        return reading.Root is null ? null : $"{Shown(reading.Root)} {string.Join('|', reading.Expressions.Select(expression => expression.Text))}";

        static string Shown(PolicyElement element) =>
            $"<{element.Name} {string.Join(' ', element.Attributes.Select(attribute => $"{attribute.Name}={Value(attribute.Value)}"))} {(element.Text is { } own ? Value(own.Value) : "")} {string.Concat(element.Children.Select(Shown))}>";

        static string Value(PolicyValue value) => value.Literal ?? $"#{value.Slot}";
    }

    private static string Damage(Random random, string whole)
    {
        var text = whole;
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(4), text.Length - at);
            text = text.Remove(at, length).Insert(at, random.Next(3) == 0 ? "" : Pieces[random.Next(Pieces.Length)].ToString());
        }

        return text;
    }
}
