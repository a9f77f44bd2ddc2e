using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Publications;

/// <summary><c>gateway rollback N</c>: publishes again what an earlier publication held.</summary>
internal static class RollbackCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var number = new Argument<long>("N") { Description = "The number of the publication to bring back; `gateway publications list` shows those that are kept." };
        var target = new GatewayTarget();
        var command = new Command("rollback", "Publish again what an earlier publication held. The catalog is not changed: mend it, its next change is published with all that it holds then.") { number };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var made = await target.PostAsync(parsed, $"/{parsed.GetValue(number)}/rollback", cancellationToken);
            await output.Result.WriteLineAsync($"publication {made["number"]} holds what {made["rollbackOf"]} held.");
            await output.Messages.WriteLineAsync("The catalog is not changed: mend it before the next change, which is published with all that the catalog holds then.");
            return ExitCodes.Done;
        });
        return command;
    }
}
