using Gateway.Hosting.Running;
using System.CommandLine;
using System.Text.Json;
using Gateway.Cli.Commands;
using Gateway.Cli.Data;

namespace Gateway.Cli.Management;

/// <summary>
/// The options of every command that calls a management API. What an option does not say, the environment does
/// (<c>GATEWAY_URL</c>, <c>GATEWAY_TOKEN</c>), else the <c>run.json</c> of the data folder.
/// </summary>
internal sealed class ManagementOptions
{
    private readonly Option<string?> _url = new("--url")
    {
        Description = "The management API, e.g. https://gateway.example:8444, or the whole URL of the service resource. Default: GATEWAY_URL, else the gateway running on --data.",
    };

    private readonly Option<string?> _token = new("--token-file")
    {
        Description = "The file with the admin token. Default: GATEWAY_TOKEN (the token itself), else the one of --data.",
    };

    private readonly Option<string?> _ca = new("--ca")
    {
        Description = "A PEM file with the certificates to trust for https. Default: those of --data, else the system's.",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "The data folder of a gateway that runs on this machine.",
        DefaultValueFactory = _ => DataOption.Default,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_token);
        command.Add(_ca);
        command.Add(_data);
    }

    /// <summary>What the options, the environment and the data folder say together.</summary>
    /// <exception cref="ExitException">Something is missing or wrong.</exception>
    public ManagementTarget Resolve(ParseResult parsed, Func<string, string?> environment)
    {
        var explicitUrl = parsed.GetValue(_url) ?? Given(environment("GATEWAY_URL"));
        var explicitToken = parsed.GetValue(_token) is { } file ? ReadToken(file) : Given(environment("GATEWAY_TOKEN"));
        var ca = parsed.GetValue(_ca);
        var data = parsed.GetRequiredValue(_data);

        if (explicitUrl is not null && explicitToken is not null)
        {
            return new ManagementTarget(Service(explicitUrl), explicitToken, ca);
        }

        var run = ReadRunFile(data) ?? throw new ExitException(ExitCodes.Setting, explicitUrl is null
            ? $"No gateway runs on the data folder {Path.GetFullPath(data)}. Start one with `gateway up`, name its folder with --data, or give --url and --token-file."
            : "There is no admin token: give --token-file or GATEWAY_TOKEN.");

        return new ManagementTarget(
            Service(explicitUrl ?? run.ManagementTls),
            explicitToken ?? ReadToken(run.AdminTokenFile),
            ca ?? run.CaFile);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Uri Service(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new ExitException(ExitCodes.Setting, $"--url: \"{url}\" is not an http or https URL.");
        }

        return uri.AbsolutePath == "/" ? new Uri(uri, ManagementTarget.ServicePath("gateway")) : new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    private static string ReadToken(string file)
    {
        try
        {
            var token = File.ReadAllText(file).Trim();
            return token.Length > 0 ? token : throw new ExitException(ExitCodes.Setting, $"--token-file: {file} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, $"--token-file: {exception.Message}", exception);
        }
    }

    private static RunFile? ReadRunFile(string data)
    {
        var path = Path.Combine(data, "run.json");
        try
        {
            return RunFile.Read(path);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.DataFolder, $"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
