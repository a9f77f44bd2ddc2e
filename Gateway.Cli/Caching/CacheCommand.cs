using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Caching;

/// <summary><c>gateway cache</c>: looks into caches and ends what they hold.</summary>
internal static class CacheCommand
{
    private const int Most = 100;

    private static readonly string[] _titles = ["REQUESTS/S", "HIT RATIO", "API", "OPERATION", "PATH"];

    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) => new("cache", "Look into caches, and empty them.") { Purge(output), Top(output) };

    private static Option<string> Cache() => new("--cache") { Description = "The cache: internal for the gateway's own, or the id of an external one.", DefaultValueFactory = _ => "internal" };

    private static Command Purge(Output output)
    {
        var cache = Cache();
        Option<string>[] parts =
        [
            new("--api") { Description = "Only the responses of this API." },
            new("--operation") { Description = "Only those of this operation of the API." },
            new("--tag") { Description = "Only the responses that a backend gave this tag, by Cache-Tag." },
            new("--key") { Description = "Only the value that policies keep under this key." },
        ];
        var options = new ManagementOptions();
        var command = new Command("purge", "End what a cache holds, on every edge of the site: all of it, or a part.") { cache };
        foreach (var part in parts)
        {
            command.Add(part);
        }

        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var scope = new JsonObject();
            foreach (var part in parts)
            {
                if (parsed.GetValue(part) is { } name)
                {
                    scope[part.Name.TrimStart('-')] = name;
                }
            }

            var id = parsed.GetRequiredValue(cache);
            await client.RunAsync($"/caches/{Uri.EscapeDataString(id)}/purge", scope, cancellationToken);
            await output.Result.WriteLineAsync($"The cache {id} is purged{(scope.Count == 0 ? "" : " in part")}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Top(Output output)
    {
        var cache = Cache();
        var count = new Option<int>("-n", "--count") { Description = $"How many responses to show, 1 to {Most}.", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= Most))
            {
                result.AddError($"-n must be a whole number from 1 to {Most}.");
            }
        });
        var options = new ManagementOptions();
        var command = new Command("top", "List the responses that requests look for most, over all edges, within the last seconds.") { cache, count };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var id = parsed.GetRequiredValue(cache);
            var report = await client.FindAsync(
                HttpMethod.Get, $"/caches/{Uri.EscapeDataString(id)}/hotKeys", cancellationToken, ("$top", parsed.GetValue(count).ToString(CultureInfo.InvariantCulture)))
                ?? throw new ExitException(ExitCodes.Refused, $"There is no cache '{id}', or the silo is of an older version.");
            var rows = (report["value"] as JsonArray ?? []).OfType<JsonObject>().Select(Row).ToArray();
            if (rows.Length == 0)
            {
                await output.Result.WriteLineAsync($"No request has looked for a response in the cache {id} within the last seconds.");
            }
            else
            {
                await Table.WriteAsync(output.Result, [_titles, .. rows]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string[] Row(JsonObject response)
    {
        var properties = response["properties"] as JsonObject ?? [];
        string Text(string name) => Table.Harmless(properties[name]?.ToString() ?? "-");
        return [Text("requestsPerSecond"), Text("hitRatio"), Text("api"), Text("operation"), Text("path")];
    }
}
