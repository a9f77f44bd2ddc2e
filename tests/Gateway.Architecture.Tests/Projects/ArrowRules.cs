namespace Gateway.Architecture.Tests.Projects;

/// <summary>Who may reference whom. A new arrow is a decision: write it under <c>docs/decisions</c> and add it here.</summary>
internal static class ArrowRules
{
    /// <summary>The project references that a project may declare.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Declared = new Dictionary<string, string[]>
    {
        ["Gateway.Contracts"] = [],
        ["Gateway.Policies"] = [],
        ["Gateway.PolicyCompiler"] = ["Gateway.Policies"],
        ["Gateway.Grains"] = ["Gateway.Contracts", "Gateway.PolicyCompiler"],
        ["Gateway.Management"] = ["Gateway.Contracts"],
        ["Gateway.Hosting"] = ["Gateway.Contracts"],
        ["Gateway.Silo"] = ["Gateway.Hosting", "Gateway.Grains", "Gateway.Management"],
        ["Gateway.Edge"] = ["Gateway.Hosting", "Gateway.Contracts", "Gateway.Policies"],
        ["Gateway.Cli"] = ["Gateway.Silo", "Gateway.Edge", "Gateway.PolicyCompiler"],
    };

    private const string Orleans = "Orleans.";
    private const string Silo = "Orleans.Runtime";
    private const string Redis = "StackExchange.Redis";
    private const string Garnet = "Garnet.";
    private const string Roslyn = "Microsoft.CodeAnalysis";
    private const string Yarp = "Yarp.";

    /// <summary>Beginnings of names of assemblies that a plane must not use, not even through another project.</summary>
    private static readonly Dictionary<string, string[]> _foreign = new()
    {
        ["Gateway.Contracts"] = ["Gateway.", Silo, Redis, Garnet, Roslyn, Yarp],
        ["Gateway.Policies"] = ["Gateway.", Orleans, Redis, Garnet, Roslyn, Yarp],
        ["Gateway.PolicyCompiler"] = [Orleans, Redis, Garnet, Yarp],
        ["Gateway.Grains"] = [Garnet, Yarp, Roslyn],
        ["Gateway.Management"] = [Silo, Redis, Garnet, Roslyn, Yarp],
        ["Gateway.Hosting"] = [Garnet, Roslyn, Yarp],
        ["Gateway.Silo"] = [Garnet, Roslyn, Yarp],
        ["Gateway.Edge"] = ["Gateway.Grains", "Gateway.PolicyCompiler", Silo, Garnet, Roslyn],
        ["Gateway.Cli"] = ["Gateway.Grains", Roslyn, Yarp],
    };

    /// <summary>What is wrong with the project references of a project file.</summary>
    public static IEnumerable<string> Undeclared(string project, IEnumerable<string> references) =>
        Declared.TryGetValue(project, out var allowed)
            ? references.Except(allowed).Select(reference => $"{project} must not have a project reference to {reference}.")
            : [$"{project} has no row in ArrowRules: say in docs/decisions why the project is needed, then add its row."];

    /// <summary>What is wrong with the references of a compiled assembly.</summary>
    public static IEnumerable<string> Foreign(string project, IEnumerable<string> assemblies)
    {
        var reachable = Reachable(project);
        foreach (var assembly in assemblies)
        {
            var ours = assembly.StartsWith("Gateway.", StringComparison.Ordinal);
            var refused = _foreign.GetValueOrDefault(project, []).Any(prefix => assembly.StartsWith(prefix, StringComparison.Ordinal));
            if (refused || (ours && !reachable.Contains(assembly)))
            {
                yield return $"{project} must not use {assembly}.";
            }
        }
    }

    private static HashSet<string> Reachable(string project)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(Declared.GetValueOrDefault(project, []));
        while (open.TryDequeue(out var next))
        {
            if (reached.Add(next))
            {
                Declared.GetValueOrDefault(next, []).ToList().ForEach(open.Enqueue);
            }
        }

        return reached;
    }
}
