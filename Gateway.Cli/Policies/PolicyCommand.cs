using System.CommandLine;
using Gateway.Cli.Commands;

namespace Gateway.Cli.Policies;

/// <summary><c>gateway policy</c>: looks at policy documents without a gateway.</summary>
internal static class PolicyCommand
{
    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Output output) => new("policy", "Check policy documents, and see what they come to.") 
    {
        PolicyCheckCommand.Create(output),
        PolicyExplainCommand.Create(output),
    };
}
