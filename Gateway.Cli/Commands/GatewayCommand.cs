using Gateway.Hosting.Running;
using System.CommandLine;
using Gateway.Cli.Apply;
using Gateway.Cli.Backups;
using Gateway.Cli.Caching;
using Gateway.Cli.Keys;
using Gateway.Cli.Limits;
using Gateway.Cli.Nodes;
using Gateway.Cli.Policies;
using Gateway.Cli.Publications;
using Gateway.Cli.Rollouts;
using Gateway.Cli.Trust;
using Gateway.Cli.Up;

namespace Gateway.Cli.Commands;

/// <summary>The <c>gateway</c> tool: its commands, and how a command ends.</summary>
public static class GatewayCommand
{
    /// <summary>Runs one command line; the answer is the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Output output)
    {
        var root = new RootCommand("The gateway cluster: run it, fill it, look at it.")
        {
            UpCommand.Create(output),
            ApplyCommand.Create(output),
            BackupCommand.Create(output),
            RestoreCommand.Create(output),
            NodesCommand.Create(output),
            PolicyCommand.Create(output),
            PublicationsCommand.Create(output),
            RollbackCommand.Create(output),
            RolloutCommand.Create(output),
            LimitsCommand.Create(output),
            CacheCommand.Create(output),
            KeyCommand.Create(output),
            TrustCommand.Create(output),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await output.Messages.WriteLineAsync(error.Message);
            }

            await output.Messages.WriteLineAsync("Run `gateway --help`, or `gateway COMMAND --help`, for what there is.");
            return ExitCodes.Setting;
        }

        try
        {
            // Signals belong to the commands: `up` drains first and takes longer than the parser's own patience.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output.Result,
                Error = output.Messages,
            });
        }
        catch (ExitException exception)
        {
            await output.Messages.WriteLineAsync(exception.Message);
            return exception.Code;
        }
    }
}
