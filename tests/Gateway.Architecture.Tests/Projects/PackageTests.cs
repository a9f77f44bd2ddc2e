using System.Xml.Linq;

namespace Gateway.Architecture.Tests.Projects;

public sealed class PackageTests
{
    private static IEnumerable<string> ProjectFiles =>
        Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Versions_stand_only_in_the_central_file()
    {
        var own = from file in ProjectFiles
                  from package in XDocument.Parse(Repository.Read(file)).Descendants("PackageReference")
                  where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null
                  select $"{file}: {package.Attribute("Include")?.Value} has its own version; versions stand in Directory.Packages.props.";

        Assert.Empty(own);
    }

    [Fact]
    public void Transitive_packages_are_pinned()
    {
        var properties = XDocument.Parse(Repository.Read("Directory.Packages.props"));

        Assert.Equal("true", properties.Descendants("ManagePackageVersionsCentrally").Single().Value);
        Assert.Equal("true", properties.Descendants("CentralPackageTransitivePinningEnabled").Single().Value);
    }

    [Fact]
    public void A_package_stands_once_in_the_central_file()
    {
        var twice = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .GroupBy(package => package.Attribute("Include")!.Value, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key);

        Assert.Empty(twice);
    }

    [Fact]
    public void The_solution_builds_every_project()
    {
        var solution = Repository.Read("Cluster.sln").Replace('\\', '/');

        Assert.Empty(ProjectFiles.Where(file => !solution.Contains($"\"{file}\"", StringComparison.Ordinal)));
        Assert.Single(Repository.Files, file => file.EndsWith(".sln", StringComparison.Ordinal) || file.EndsWith(".slnx", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_standard_package_source_is_named() =>
        Assert.DoesNotContain(Repository.Files, file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
}
