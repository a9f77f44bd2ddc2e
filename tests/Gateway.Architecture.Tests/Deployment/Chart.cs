using System.Diagnostics;
using SharpYaml.Serialization;

namespace Gateway.Architecture.Tests.Deployment;

/// <summary>The chart, rendered.</summary>
internal static class Chart
{
    public static bool CanRender { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "helm")));

    /// <summary>The objects that helm makes, in its order.</summary>
    public static IReadOnlyList<YamlMappingNode> Render(params string[] values)
    {
        var start = new ProcessStartInfo("helm") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["template", "site", Repository.Absolute("helm/gateway"), .. values.SelectMany(value => (string[])["--set", value])])
        {
            start.ArgumentList.Add(argument);
        }

        using var helm = Process.Start(start)!;
        var errors = helm.StandardError.ReadToEndAsync();
        var text = helm.StandardOutput.ReadToEnd();
        helm.WaitForExit();
        Assert.True(helm.ExitCode == 0, errors.GetAwaiter().GetResult());

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()];
    }

    /// <summary>The pods' specifications by the name of their only container.</summary>
    public static IReadOnlyDictionary<string, YamlMappingNode> Pods(params string[] values) =>
        Render(values).Where(item => item.Text("kind") is "Deployment" or "StatefulSet")
            .Select(item => item.Map("spec").Map("template").Map("spec"))
            .ToDictionary(pod => pod.Container().Text("name"));

    public static YamlMappingNode Container(this YamlMappingNode pod) => (YamlMappingNode)Assert.Single(pod.List("containers"));

    public static YamlMappingNode Map(this YamlMappingNode node, string name) => (YamlMappingNode)node.Children[new YamlScalarNode(name)];

    public static IList<YamlNode> List(this YamlMappingNode node, string name) => ((YamlSequenceNode)node.Children[new YamlScalarNode(name)]).Children;

    public static string Text(this YamlMappingNode node, string name) => ((YamlScalarNode)node.Children[new YamlScalarNode(name)]).Value;

    public static bool Has(this YamlMappingNode node, string name) => node.Children.ContainsKey(new YamlScalarNode(name));
}
