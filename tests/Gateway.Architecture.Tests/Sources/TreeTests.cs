using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests.Sources;

/// <summary>Nothing in the tree belongs to one person's machine, and nothing in it opens anything.</summary>
public sealed partial class TreeTests
{
    private static readonly string[] _binary = [".png", ".jpg", ".ico", ".gz", ".tgz", ".zip", ".woff2"];

    private static IEnumerable<string> Texts =>
        Repository.Files.Where(file => !_binary.Contains(Path.GetExtension(file)));

    [Fact]
    public void No_path_of_a_machine_stands_in_the_tree() =>
        Assert.Empty(Texts.Where(file => MachinePath().IsMatch(Repository.Read(file))));

    [Fact]
    public void No_secret_stands_in_the_tree() =>
        Assert.Empty(Texts.Where(file => Secret().IsMatch(Repository.Read(file))));

    [Theory]
    [InlineData("*.key")]
    [InlineData("*.pfx")]
    [InlineData("*.pem")]
    [InlineData("admin-token")]
    [InlineData(".npmrc")]
    public void No_key_file_is_committed(string pattern) =>
        Assert.DoesNotContain(Repository.Files, file => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file)));

    [Theory]
    [InlineData("see /home" + "/ann/gateway")]
    [InlineData(@"C:\Users" + @"\ann\gateway")]
    public void A_machine_path_is_found(string text) => Assert.Matches(MachinePath(), text);

    [Theory]
    [InlineData("-----BEGIN EC PRIVATE" + " KEY-----")]
    [InlineData("AKIA" + "ABCDEFGHIJKLMNOP")]
    [InlineData("ghp" + "_0123456789abcdefghijABCDEFGHIJ0123456789")]
    public void A_secret_is_found(string text) => Assert.Matches(Secret(), text);

    [GeneratedRegex(@"(?<![\w.])/home/\w+/|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}|_authToken\s*=")]
    private static partial Regex Secret();
}
