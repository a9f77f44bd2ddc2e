namespace Gateway.Cli.Commands;

/// <summary>Ends a command: one sentence for stderr and an exit code of <see cref="ExitCodes"/>.</summary>
public sealed class CommandException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode => exitCode;
}
