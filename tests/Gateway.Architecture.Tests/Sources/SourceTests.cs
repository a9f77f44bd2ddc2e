using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests.Sources;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;
    private const int LongestProgram = 60;

    // Where hosts look for the methods that add a feature.
    private const string ForHosts = "Microsoft.Extensions.DependencyInjection";

    private static IEnumerable<string> Sources =>
        Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = from file in Sources
                      let lines = File.ReadLines(Repository.Absolute(file)).Count()
                      where lines > LongestFile
                      select $"{file} has {lines} lines; split it by responsibility.";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Host_programs_read_as_a_table_of_contents()
    {
        var programs = Repository.Products.Select(project => $"{project}/Program.cs").Where(Repository.Files.Contains).ToList();

        Assert.NotEmpty(programs);
        Assert.Empty(programs.Where(file => File.ReadLines(Repository.Absolute(file)).Count() > LongestProgram));
    }

    [Fact]
    public void Namespaces_follow_project_and_folder()
    {
        var wrong = from file in Sources
                    let declared = Namespace().Match(Repository.Read(file)).Groups["name"].Value
                    where declared != string.Empty && declared != Expected(file) && !(declared == ForHosts && file.EndsWith("Extensions.cs", StringComparison.Ordinal))
                    select $"{file} declares {declared}; expected {Expected(file)}.";

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("#pragma warning " + "disable", "suppress a rule in .editorconfig, once, with a reason")]
    [InlineData("TO" + "DO", "an open end belongs in an issue")]
    [InlineData("FIX" + "ME", "an open end belongs in an issue")]
    [InlineData("NotImplemented" + "Exception", "a stub is not a feature")]
    [InlineData("#reg" + "ion", "a file that needs regions needs splitting")]
    public void Sources_hold_no(string text, string because)
    {
        var found = Sources.Where(file => Repository.Read(file).Contains(text, StringComparison.Ordinal));

        Assert.True(!found.Any(), $"{text} in {string.Join(", ", found)}: {because}.");
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word()
    {
        var silent = Sources.Where(file => EmptyCatch().IsMatch(Repository.Read(file)));

        Assert.Empty(silent);
    }

    private static string Expected(string file)
    {
        var folders = file.Split('/')[..^1];
        return string.Join('.', folders[0] is "tests" or "benchmarks" or "samples" ? folders[1..] : folders);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"catch(\s*\([^)]*\))?(\s*when\s*\([^\n]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();
}
