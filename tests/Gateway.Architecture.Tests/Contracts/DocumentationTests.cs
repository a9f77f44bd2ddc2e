using System.Reflection;
using System.Xml.Linq;

namespace Gateway.Architecture.Tests.Contracts;

/// <summary>Doc comments of contracts and settings are the manual, so there are no holes in them.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Public_contracts_are_documented()
    {
        var contracts = Assembly.Load("Gateway.Contracts");
        var documented = Documented("Gateway.Contracts");

        Assert.Empty(contracts.GetExportedTypes().Where(Written).Select(type => $"T:{DocName(type)}").Except(documented));
    }

    [Fact]
    public void Settings_are_documented_to_the_last_property()
    {
        var settings = Assembly.Load("Gateway.Hosting").GetTypes()
            .Where(type => type.IsPublic && type.Namespace == "Gateway.Hosting.Settings" && type.Name.EndsWith("Settings", StringComparison.Ordinal)).ToList();
        var documented = Documented("Gateway.Hosting");
        var names = settings.Select(type => $"T:{DocName(type)}")
            .Concat(from type in settings
                    from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                    where property.SetMethod is not null
                    select $"P:{DocName(type)}.{property.Name}");

        Assert.Empty(names.Except(documented));
    }

    private static HashSet<string> Documented(string project) =>
        [.. from member in XDocument.Load(Repository.Output(project, project + ".xml")).Descendants("member")
            where !string.IsNullOrWhiteSpace(member.Value) || member.Element("inheritdoc") is not null
            select member.Attribute("name")!.Value];

    private static bool Written(Type type) =>
        !type.FullName!.StartsWith("OrleansCodeGen", StringComparison.Ordinal) && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute));

    private static string DocName(Type type) => type.FullName!.Replace('+', '.');
}
