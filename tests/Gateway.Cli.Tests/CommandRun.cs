using Gateway.Cli.Commands;

namespace Gateway.Cli.Tests;

/// <summary>What a command line came to.</summary>
internal sealed record CommandRun(int Code, string Result, string Messages)
{
    public static async Task<CommandRun> OfAsync(params string[] args)
    {
        var output = new Output(new StringWriter(), new StringWriter());
        var code = await GatewayCommand.RunAsync(args, output);
        return new CommandRun(code, output.Result.ToString()!, output.Messages.ToString()!);
    }
}
