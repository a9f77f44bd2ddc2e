using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>The documents of Samples.txt, with the ends of lines of every system.</summary>
public sealed partial class SampleDocumentTests
{
    private static readonly (string Name, string Value)[] s_values = [("host", "api.example"), ("path", "a/b"), ("key", "a-much-longer-value-than-its-name"), ("seconds", "5")];

    public static TheoryData<string> Samples { get; } = [.. Read().Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_Expressions_ComeOutAsMarked(string name)
    {
        foreach (var marked in new[] { Read()[name], Read()[name].ReplaceLineEndings("\r\n"), '\uFEFF' + Read()[name].ReplaceLineEndings("\r") })
        {
            var expected = Marked.Matches(marked).Select(match => Fill(match.Groups[2].Success ? WebUtility.HtmlDecode(match.Groups[2].Value) : match.Groups[1].Value));

            var reading = Documents.ReadCorrect(Marks.Replace(marked, ""), s_values);

            Assert.Equal(expected, reading.Expressions.Select(expression => expression.Text));
        }
    }

    [Fact]
    public void Samples_AreAsManyAsTheyAreSaidToBe() => Assert.Equal(40, Samples.Count);

    private static string Fill(string expression) =>
        s_values.Aggregate(new StringBuilder(expression), (text, value) => text.Replace("{{" + value.Name + "}}", value.Value)).ToString();

    /// <summary>The samples without their marks.</summary>
    public static IEnumerable<string> All() => Read().Values.Select(marked => Marks.Replace(marked, ""));

    private static Dictionary<string, string> Read()
    {
        using var stream = typeof(SampleDocumentTests).Assembly.GetManifestResourceStream("Samples.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n=== ").Skip(1).ToDictionary(sample => sample[..sample.IndexOf('\n', StringComparison.Ordinal)], sample => sample[(sample.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    [GeneratedRegex("«(.*?)»|‹(.*?)›", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Marked { get; }

    [GeneratedRegex("[«»‹›]", RegexOptions.CultureInvariant)]
    private static partial Regex Marks { get; }
}
