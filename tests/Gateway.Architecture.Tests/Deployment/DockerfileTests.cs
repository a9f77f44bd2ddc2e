using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests.Deployment;

public sealed partial class DockerfileTests
{
    [Theory]
    [InlineData("Dockerfile.edge", "Gateway.Edge", new[] { "8080", "8443", "8082" })]
    [InlineData("Dockerfile.silo", "Gateway.Silo", new[] { "8444", "8081", "8083", "11111", "30000" })]
    public void Images_publish_run_and_expose_their_host(string file, string host, string[] ports)
    {
        var text = Repository.Read(file);

        Assert.Matches($@"(?m)^RUN dotnet publish {Regex.Escape(host)} -c Release ", text);
        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"{host}.dll\"]", text);
        Assert.Equal(ports, Line("EXPOSE", text).Split(' '));
        Assert.Equal("1654", Line("USER", text));
        Assert.Equal("/data", Line("VOLUME", text));
    }

    [Theory]
    [InlineData("Dockerfile.edge", "Gateway.Edge")]
    [InlineData("Dockerfile.silo", "Gateway.Silo")]
    public void Images_copy_every_project_that_their_host_needs(string file, string host)
    {
        var copied = Copied().Matches(Repository.Read(file)).Select(match => match.Groups["project"].Value);

        Assert.Equal(Needed(host).Order(), copied.Order());
    }

    private static HashSet<string> Needed(string project)
    {
        var references = Projects.ArrowRules.Declared[project];
        return [project, .. references.SelectMany(Needed)];
    }

    private static string Line(string instruction, string text) =>
        Regex.Match(text, $"(?m)^{instruction} (.*)$").Groups[1].Value.Trim();

    [GeneratedRegex(@"^COPY (?<project>Gateway\.\w+) ", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
