using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Contracts.Secrets;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Keys;

/// <summary><c>gateway key export --for edge</c>: the key file of edges, which cannot open the catalog.</summary>
internal static class KeyCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var recipient = new Option<string>("--for") { Description = "Who the key is for: edge.", Required = true };
        recipient.AcceptOnlyFromAmong("edge");
        var file = new Option<string?>("--key-file") { Description = "The site key. Default: site.key in the data folder." };
        var data = new Option<string>("--data") { Description = "The data folder.", DefaultValueFactory = _ => DataOption.Default };
        var export = new Command("export", "Write the key that an edge needs to stdout. It is a secret.") { recipient, file, data };
        export.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetValue(file) ?? Path.Combine(parsed.GetRequiredValue(data), "site.key");
            await output.Result.WriteLineAsync(Read(path).Publication.Export());
            return ExitCodes.Done;
        });
        return new Command("key", "Work with the site key.") { export };
    }

    private static SiteKey Read(string path)
    {
        try
        {
            var key = SiteKey.Parse(File.ReadAllText(path));
            return key.IsSuccess
                ? key.Value
                : throw new ExitException(ExitCodes.Setting, $"{path}: {string.Join(" ", key.Errors.Select(error => error.Message))}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, $"The site key cannot be read: {exception.Message}", exception);
        }
    }
}
