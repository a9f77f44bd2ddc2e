using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Gateway.Cli.Commands;
using Gateway.Edge;
using Gateway.Silo;

namespace Gateway.Cli.Up;

/// <summary><c>gateway up</c>: everything in one process, for one machine.</summary>
internal static class UpCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var data = new Option<string>("--data") { Description = "The folder that keeps everything; made when it is not there.", DefaultValueFactory = _ => DataOption.Default };
        var gateway = Port("--gateway-port", 8080, "The gateway over http.");
        var gatewayTls = Port("--gateway-tls-port", 8443, "The gateway over https.");
        var management = Port("--management-port", 8081, "The management API over http; always on 127.0.0.1.");
        var managementTls = Port("--management-tls-port", 8444, "The management API over https.");
        var diagnostics = Port("--diagnostics-port", 8082, "/metrics, /healthz and /readyz.");
        var store = Port("--store-port", 0, "The embedded store, on 127.0.0.1; chosen once and kept.");
        var silo = Port("--silo-port", 0, "Silo to silo, on 127.0.0.1; chosen once and kept.");
        var siloGateway = Port("--silo-gateway-port", 0, "Edge to silo, on 127.0.0.1; chosen once and kept.");
        var bind = new Option<IPAddress>("--bind") { Description = "The IP address to listen on.", DefaultValueFactory = _ => IPAddress.Loopback, CustomParser = ParseAddress };
        var apply = new Option<string?>("--apply") { Description = "A folder to apply after the start; when it is refused the process ends." };
        var noSample = new Option<bool>("--no-sample") { Description = "Do not apply the sample API on the first start." };

        var command = new Command("up", "Run silo, edge and store in this process. Prints `ready` on stdout when it serves.")
        {
            data, gateway, gatewayTls, management, managementTls, diagnostics, store, silo, siloGateway, bind, apply, noSample,
        };
        command.SetAction((parsed, _) => new UpRun(
            new UpOptions
            {
                Data = parsed.GetRequiredValue(data),
                Bind = parsed.GetRequiredValue(bind),
                GatewayPort = parsed.GetValue(gateway),
                GatewayTlsPort = parsed.GetValue(gatewayTls),
                ManagementPort = parsed.GetValue(management),
                ManagementTlsPort = parsed.GetValue(managementTls),
                DiagnosticsPort = parsed.GetValue(diagnostics),
                StorePort = parsed.GetValue(store),
                SiloPort = parsed.GetValue(silo),
                SiloGatewayPort = parsed.GetValue(siloGateway),
                Apply = parsed.GetValue(apply),
                NoSample = parsed.GetValue(noSample),
            },
            SiloHost.BuildAsync,
            EdgeHost.BuildAsync,
            output,
            TimeProvider.System).RunAsync());
        return command;
    }

    private static Option<int> Port(string name, int standard, string description) => new(name)
    {
        Description = description + " 0 is any free port.",
        DefaultValueFactory = _ => standard,
        CustomParser = ParsePort,
    };

    private static int ParsePort(ArgumentResult result)
    {
        if (ushort.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return port;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name}: \"{result.Tokens[^1].Value}\" is not a port, 0 to 65535.");
        return 0;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[^1].Value, out var address))
        {
            return address;
        }

        result.AddError($"--bind: \"{result.Tokens[^1].Value}\" is not an IP address.");
        return null;
    }
}
