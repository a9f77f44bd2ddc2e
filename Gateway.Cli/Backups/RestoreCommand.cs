using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Backups;

/// <summary><c>gateway restore FILE</c>: makes the catalog that of a file.</summary>
internal static class RestoreCommand
{
    private const long MaximumBytes = 64 << 20;

    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var file = new Argument<string>("FILE") { Description = "A file that `gateway backup` wrote under the same site key and ServiceId." };
        var replace = new Option<bool>("--replace") { Description = "Do it although the catalog holds resources: all of them are replaced." };
        var options = new ManagementOptions();
        var command = new Command("restore", "Replace the catalog by that of a backup. Edges go on serving and take it as a new lineage.") { file, replace };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var content = Read(parsed.GetRequiredValue(file));
            var done = await client.UploadAsync("/restore", content, cancellationToken, ("replace", parsed.GetValue(replace) ? "true" : "false"));
            await output.Result.WriteLineAsync($"restored: {done["resources"]} resources of {done["madeAt"]}; catalog version {done["version"]}, lineage {done["lineage"]}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaximumBytes
                ? File.ReadAllBytes(path)
                : throw new ExitException(ExitCodes.Setting, $"{path} is larger than any backup: at most {MaximumBytes} bytes.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, $"{path} cannot be read: {refused.Message}", refused);
        }
    }
}
