using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Apply;

/// <summary><c>gateway apply DIR</c>: makes the catalog hold what a folder declares.</summary>
internal static class ApplyCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder in the APIOps artifact layout." };
        var options = new ManagementOptions();
        var command = new Command("apply", "Apply a folder of APIs, products, policies and the like: all of it, or nothing, as far as one change set reaches.") { folder };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var version = await FolderApplier.ApplyAsync(parsed.GetRequiredValue(folder), client, output, cancellationToken);
            return version is null ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }
}
