using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Backups;

/// <summary><c>gateway backup FILE</c>: copies the catalog to a file.</summary>
internal static class BackupCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write; one that is there is replaced." };
        var options = new ManagementOptions();
        var command = new Command("backup", "Copy the catalog to a file, sealed under the site key. Counts of quotas are not in it.") { file };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ManagementClient(options.Resolve(parsed, Environment.GetEnvironmentVariable));
            var content = await client.DownloadAsync("/backup", cancellationToken);
            var path = parsed.GetRequiredValue(file);
            try
            {
                PrivateFile.Write(path, content);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new ExitException(ExitCodes.Setting, $"{path} cannot be written: {refused.Message}", refused);
            }

            await output.Result.WriteLineAsync($"{path}: {content.Length} bytes. It opens only with the site key: keep site.key as well, elsewhere.");
            return ExitCodes.Done;
        });
        return command;
    }
}
