using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Rollouts;

/// <summary><c>gateway rollout show|set|promote|off</c>: new publications are tried by a share of the edges first.</summary>
internal static class RolloutCommand
{
    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) =>
        new("rollout", "Try new publications on a labelled share of the edges before all get them.") { Show(output), Set(output), Promote(output), Off(output) };

    private static Command Show(Output output) => Make("show", "Show the rule, and how what is being tried stands.", output, (_, target) => target.CallAsync(HttpMethod.Get, "", null));

    private static Command Promote(Output output) =>
        Make("promote", "Give what is being tried to all edges now.", output, (_, target) => target.CallAsync(HttpMethod.Post, "/promote", null));

    private static Command Off(Output output) => Make(
        "off", "Take the rule away; what is being tried goes to all edges.", output, (_, target) => target.CallAsync(HttpMethod.Delete, "", null));

    private static Command Set(Output output)
    {
        var label = new Option<string>("--label") { Description = "The label of the edges that try, as NAME=VALUE (Gateway:Edge:Labels).", Required = true };
        label.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>()?.Split('=', 2) is not [{ Length: > 0 }, { Length: > 0 }])
            {
                result.AddError("--label must be NAME=VALUE, such as ring=canary.");
            }
        });
        var rate = new Option<double>("--max-error-rate") { Description = "The share of answers of 500 and up, from 0 to 1, above which a publication is taken back.", Required = true };
        var watch = new Option<TimeSpan>("--watch") { Description = "For how long they must have run it, as hh:mm:ss.", DefaultValueFactory = _ => TimeSpan.FromMinutes(5) };
        var requests = new Option<int>("--min-requests") { Description = "Answers from which the share of errors counts.", DefaultValueFactory = _ => 20 };
        var command = Make("set", "Set the rule.", output, (parsed, target) =>
        {
            var parts = parsed.GetRequiredValue(label).Split('=', 2);
            return target.CallAsync(HttpMethod.Put, "", new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["label"] = parts[0],
                    ["value"] = parts[1],
                    ["maximumErrorRate"] = parsed.GetRequiredValue(rate),
                    ["watch"] = XmlConvert.ToString(parsed.GetRequiredValue(watch)),
                    ["minimumRequests"] = parsed.GetRequiredValue(requests),
                },
            });
        });
        command.Add(label);
        command.Add(rate);
        command.Add(watch);
        command.Add(requests);
        return command;
    }

    private static Command Make(string name, string description, Output output, Func<ParseResult, Target, Task<JsonObject?>> callAsync)
    {
        var gateway = new Option<string>("--gateway") { Description = "The gateway.", DefaultValueFactory = _ => "managed" };
        var options = new ManagementOptions();
        var command = new Command(name, description) { gateway };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var named = parsed.GetRequiredValue(gateway);
            var answer = await callAsync(parsed, new Target(client, named, cancellationToken))
                ?? throw new ExitException(ExitCodes.Refused, $"Gateway \"{named}\" has no rollout, or there is no such gateway; `gateway rollout set` makes one.");
            await WriteAsync(output, answer["properties"] as JsonObject);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WriteAsync(Output output, JsonObject? rollout)
    {
        if (rollout is null)
        {
            await output.Result.WriteLineAsync("every publication goes to all edges at once.");
            return;
        }

        await output.Result.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"edges with {rollout["label"]}={rollout["value"]} try new publications for {rollout["watch"]}; above {(double)rollout["maximumErrorRate"]! * 100:0.##} % errors of at least {rollout["minimumRequests"]} answers one is taken back."));
        await output.Result.WriteLineAsync(rollout["staged"] is { } staged
            ? $"publication {staged["number"]} is tried by {(rollout["nodes"] is JsonArray { Count: > 0 } nodes ? string.Join(", ", nodes) : "no edge yet")}: {rollout["errors"]} errors of {rollout["requests"]} answers; all others run {rollout["promoted"]?["number"]}."
            : $"nothing is tried; all edges run {rollout["promoted"]?["number"]}.");
        if (rollout["takenBack"] is { } sentence)
        {
            await output.Result.WriteLineAsync($"last taken back: {sentence}");
        }
    }

    private sealed record Target(ManagementClient Client, string Gateway, CancellationToken CancellationToken)
    {
        public Task<JsonObject?> CallAsync(HttpMethod method, string path, JsonObject? body) =>
            Client.WriteAsync(method, $"/gateways/{Uri.EscapeDataString(Gateway)}/rollout{path}", body, CancellationToken);
    }
}
