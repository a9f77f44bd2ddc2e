using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests.Documents;

public sealed partial class LinkTests
{
    private static IEnumerable<string> Documents =>
        Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Links_between_documents_resolve()
    {
        var broken = from document in Documents
                     from target in Targets(Repository.Read(document))
                     let reason = Broken(document, target)
                     where reason is not null
                     select $"{document} -> {target}: {reason}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_document_is_linked_from_another()
    {
        var linked = from document in Documents
                     from target in Targets(Repository.Read(document))
                     select Resolve(document, target.Split('#')[0]);

        Assert.Empty(Documents.Where(document => document.StartsWith("docs/", StringComparison.Ordinal)).Except(linked));
    }

    [Theory]
    [InlineData("## Two silos, two edges", "two-silos-two-edges")]
    [InlineData("# `gateway up`", "gateway-up")]
    public void Headings_have_the_anchors_that_readers_of_Markdown_make(string line, string anchor) =>
        Assert.Equal(anchor, Assert.Single(Anchors(line)));

    /// <summary>Targets of links and images outside code, without those that leave the repository.</summary>
    private static IEnumerable<string> Targets(string text) =>
        from Match link in Link().Matches(Code().Replace(text, string.Empty))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        select target;

    private static string? Broken(string document, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0] == string.Empty ? document : Resolve(document, parts[0]);
        if (!Path.Exists(Repository.Absolute(file)))
        {
            return "there is no such file";
        }

        return parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !Anchors(Repository.Read(file)).Contains(parts[1])
            ? "there is no such heading"
            : null;
    }

    private static string Resolve(string document, string target) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target))).Replace('\\', '/');

    private static IEnumerable<string> Anchors(string text) =>
        from Match heading in Heading().Matches(Code().Replace(text, string.Empty))
        select NotInAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
