using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Gateway.Architecture.Tests.Projects;

public sealed class ArrowTests
{
    [Fact]
    public void Project_files_declare_only_the_allowed_arrows() =>
        Assert.Empty(Repository.Products.SelectMany(project => ArrowRules.Undeclared(project, ProjectReferences(project))));

    [Fact]
    public void Compiled_assemblies_use_only_what_their_plane_may() =>
        Assert.Empty(Repository.Products.SelectMany(project => ArrowRules.Foreign(project, AssemblyReferences(Repository.Assembly(project)))));

    [Fact]
    public void Every_rule_names_a_project_that_exists() =>
        Assert.Equal(ArrowRules.Declared.Keys.Order(), Repository.Products.Order());

    [Fact]
    public void Nothing_but_the_silo_uses_the_grains() =>
        Assert.DoesNotContain(
            Repository.Products.Where(project => project is not ("Gateway.Silo" or "Gateway.Grains")),
            project => AssemblyReferences(Repository.Assembly(project)).Contains("Gateway.Grains"));

    [Theory]
    [InlineData("Gateway.Edge", "Gateway.Grains")]
    [InlineData("Gateway.Edge", "Gateway.PolicyCompiler")]
    [InlineData("Gateway.Management", "Gateway.Grains")]
    [InlineData("Gateway.Policies", "Gateway.Contracts")]
    [InlineData("Gateway.Contracts", "Gateway.Policies")]
    [InlineData("Gateway.Hosting", "Gateway.Edge")]
    [InlineData("Gateway.Another", "Gateway.Contracts")]
    public void A_wrong_arrow_in_a_project_file_is_found(string project, string reference) =>
        Assert.Single(ArrowRules.Undeclared(project, [reference]));

    [Theory]
    [InlineData("Gateway.Edge", "Microsoft.CodeAnalysis.CSharp")]
    [InlineData("Gateway.Edge", "Orleans.Runtime")]
    [InlineData("Gateway.Edge", "Gateway.Grains")]
    [InlineData("Gateway.Policies", "Orleans.Core.Abstractions")]
    [InlineData("Gateway.Policies", "Yarp.ReverseProxy")]
    [InlineData("Gateway.Policies", "StackExchange.Redis")]
    [InlineData("Gateway.Management", "StackExchange.Redis")]
    [InlineData("Gateway.Contracts", "Gateway.Policies")]
    [InlineData("Gateway.Cli", "Gateway.Grains")]
    public void A_wrong_use_in_an_assembly_is_found(string project, string assembly) =>
        Assert.Single(ArrowRules.Foreign(project, [assembly]));

    [Fact]
    public void What_an_edge_starts_with_holds_no_compiler_and_no_grains()
    {
        var dependencies = File.ReadAllText(Repository.Output("Gateway.Edge", "Gateway.Edge.deps.json"));

        Assert.DoesNotContain("/Microsoft.CodeAnalysis", dependencies);
        Assert.DoesNotContain("Gateway.Grains", dependencies);
        Assert.DoesNotContain("Gateway.PolicyCompiler", dependencies);
        Assert.DoesNotContain("Microsoft.Orleans.Server", dependencies);
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Parse(Repository.Read($"{project}/{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static List<string> AssemblyReferences(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
