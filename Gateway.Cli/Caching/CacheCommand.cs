using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Caching;

/// <summary><c>gateway cache purge</c>: ends what a cache holds.</summary>
internal static class CacheCommand
{
    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) => new("cache", "Empty caches.") { Purge(output) };

    private static Command Purge(Output output)
    {
        var cache = new Option<string>("--cache") { Description = "The cache: internal for the gateway's own, or the id of an external one.", DefaultValueFactory = _ => "internal" };
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
}
