using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Publications;

/// <summary><c>gateway publications list|show|diff</c>: what was published, what is in it, and what changed.</summary>
internal static class PublicationsCommand
{
    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) =>
        new("publications", "Look at what was published for a gateway.") { List(output), Show(output), Diff(output) };

    private static Command List(Output output)
    {
        var target = new GatewayTarget();
        var command = new Command("list", "List the publications that are kept, newest first, with the edges that run them.");
        target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await target.GetAsync(parsed, "", cancellationToken);
            await Table.WriteAsync(output.Result, [["NUMBER", "LINEAGE", "MADE", "CATALOG", "PARTS", "BYTES", "ROLLBACK OF", "EDGES"], .. Objects(answer["value"]).Select(Row)]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(Output output)
    {
        var number = Number("N", "The publication's number.");
        var target = new GatewayTarget();
        var command = new Command("show", "List the parts of one publication.") { number };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await target.GetAsync(parsed, $"/{parsed.GetValue(number)}", cancellationToken);
            await Table.WriteAsync(output.Result, [["KIND", "ID", "BYTES"], .. Objects(answer["parts"]).Select(part => new[] { Text(part["kind"]), Text(part["id"]), Text(part["bytes"]) })]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Diff(Output output)
    {
        var from = Number("FROM", "The number of the older one.");
        var to = Number("TO", "The number of the newer one.");
        var target = new GatewayTarget();
        var command = new Command("diff", "Show which parts differ between two publications.") { from, to };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await target.GetAsync(parsed, $"/{parsed.GetValue(to)}/diff", cancellationToken, ("from", $"{parsed.GetValue(from)}"));
            foreach (var change in Objects(answer["changes"]))
            {
                await output.Result.WriteLineAsync($"{Text(change["change"])} {Text(change["kind"])} {Text(change["id"])}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<long> Number(string name, string description)
    {
        var argument = new Argument<long>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, out var value) && value > 0))
            {
                result.AddError($"{name} must be the number of a publication, \"{token.Value}\" is none.");
            }
        });
        return argument;
    }

    private static string[] Row(JsonObject publication) =>
    [
        Text(publication["number"]), Text(publication["lineage"]), Text(publication["createdAt"]), Text(publication["catalogVersion"]), Text(publication["parts"]),
        Text(publication["bytes"]), Text(publication["rollbackOf"]), publication["nodes"] is JsonArray { Count: > 0 } nodes ? string.Join(",", nodes.Select(Text)) : "-",
    ];

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonNode? node) => node?.ToString() ?? "-";
}
