using Gateway.Hosting.Running;
using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;

namespace Gateway.Cli.Nodes;

/// <summary><c>gateway nodes</c>: who is there.</summary>
internal static class NodesCommand
{
    private static readonly string[] _titles = ["NAME", "ROLE", "STATE", "VERSION", "PUBLICATION", "SINCE", "LAG", "LAST SEEN", "REJECTED"];

    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var gateway = new Option<string>("--gateway")
        {
            Description = "The gateway whose nodes to list.",
            DefaultValueFactory = _ => "managed",
        };
        var options = new ManagementOptions();
        var command = new Command("nodes", "List the silos and edges with their state, what they run, since when, for how long they lag behind, and what they rejected.") { gateway };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var id = parsed.GetRequiredValue(gateway);
            var answer = await client.FindAsync(HttpMethod.Get, $"/gateways/{Uri.EscapeDataString(id)}/nodes", cancellationToken)
                ?? throw new ExitException(ExitCodes.Refused, $"There is no gateway \"{id}\".");
            await Table.WriteAsync(output.Result, [_titles, .. Rows(answer)]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<string[]> Rows(JsonObject answer) =>
        (answer["value"] as JsonArray ?? []).OfType<JsonObject>().Select(node =>
        {
            var properties = node["properties"] as JsonObject ?? [];
            var publication = properties["publication"] as JsonObject;
            var rejected = properties["rejected"] as JsonObject;
            return new[]
            {
                Text(node["name"]),
                Text(properties["role"]),
                Text(properties["state"]),
                Text(properties["version"]),
                publication is null ? "-" : $"{Text(publication["lineage"])}/{Text(publication["number"])}",
                Text(publication?["since"]),
                publication?["lagSeconds"] is { } lag ? $"{lag} s" : "-",
                Text(properties["lastSeen"]),
                rejected is null ? "-" : $"{Text(rejected["number"])}: {Text(rejected["reason"])}",
            };
        });

    private static string Text(JsonNode? node) => node?.ToString() ?? "-";
}
