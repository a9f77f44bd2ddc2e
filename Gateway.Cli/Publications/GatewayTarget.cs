using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Publications;

/// <summary>The options of the commands about a gateway's publications, and the call that they make.</summary>
internal sealed class GatewayTarget
{
    private readonly Option<string> _gateway = new("--gateway") { Description = "The gateway.", DefaultValueFactory = _ => "managed" };
    private readonly ManagementOptions _options = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_gateway);
        _options.AddTo(command);
    }

    /// <summary>Reads something below the gateway's publications.</summary>
    /// <exception cref="ExitException">It is not there, or the server cannot be reached or refuses.</exception>
    public Task<JsonObject> GetAsync(ParseResult parsed, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query) =>
        CallAsync(HttpMethod.Get, parsed, path, cancellationToken, query);

    /// <summary>Runs an action there.</summary>
    /// <exception cref="ExitException">It is not there, or the server cannot be reached or refuses.</exception>
    public Task<JsonObject> PostAsync(ParseResult parsed, string path, CancellationToken cancellationToken) => CallAsync(HttpMethod.Post, parsed, path, cancellationToken);

    private async Task<JsonObject> CallAsync(HttpMethod method, ParseResult parsed, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query)
    {
        using var client = new ManagementClient(_options.Resolve(parsed, Environment.GetEnvironmentVariable));
        var gateway = parsed.GetRequiredValue(_gateway);
        return await client.FindAsync(method, $"/gateways/{Uri.EscapeDataString(gateway)}/publications{path}", cancellationToken, query)
            ?? throw new ExitException(ExitCodes.Refused, path.Length == 0 ? $"There is no gateway \"{gateway}\"." : $"Gateway \"{gateway}\" keeps no such publication; `gateway publications list` shows those it keeps.");
    }
}
