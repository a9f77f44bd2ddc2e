using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gateway.Cli.Data;
using Gateway.Cli.Management;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Cli.Up;

/// <summary>What one run of <c>gateway up</c> uses: every port decided, every setting checked.</summary>
internal sealed record UpPlan
{
    /// <summary>The settings of both hosts.</summary>
    public required GatewaySettings Settings { get; init; }

    /// <summary>Where the settings come from; also holds log levels.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>The ports of this run that the folder keeps.</summary>
    public required KeptPorts Ports { get; init; }

    /// <summary>The port of the sample's backend at the last run; 0 when there was none.</summary>
    public required int FormerBackendPort { get; init; }

    /// <summary>The password of the embedded store.</summary>
    public required string StorePassword { get; init; }

    /// <summary>Where this run is reached; the publication is not known yet.</summary>
    public required RunFile Run { get; init; }

    /// <summary>The management API of this run, over https.</summary>
    public ManagementTarget Target() => new(
        new Uri($"{Run.ManagementTls}{ManagementTarget.ServicePath(Settings.ServiceName)}"),
        File.ReadAllText(Run.AdminTokenFile).Trim(),
        Run.CaFile);

    /// <summary>Decides.</summary>
    /// <exception cref="ExitException">A port is in use (3), the folder is damaged (4), a setting of the environment is wrong (2).</exception>
    public static UpPlan Make(UpOptions options, DataFolder data, Random random)
    {
        var ports = new Ports(random);
        var loopback = IPAddress.Loopback;
        var management = ports.Claim("--management-port", options.ManagementPort, loopback);
        var gateway = ports.Claim("--gateway-port", options.GatewayPort, options.Bind);
        var gatewayTls = ports.Claim("--gateway-tls-port", options.GatewayTlsPort, options.Bind);
        var managementTls = ports.Claim("--management-tls-port", options.ManagementTlsPort, options.Bind);
        var diagnostics = ports.Claim("--diagnostics-port", options.DiagnosticsPort, options.Bind);

        var former = KeptPorts.Load(data);
        var hasBackend = former.SampleBackend != 0 || !(options.NoSample || StateFile.Load(data).Started);
        var kept = new KeptPorts
        {
            Store = Kept(ports, "--store-port", options.StorePort, former.Store),
            Silo = Kept(ports, "--silo-port", options.SiloPort, former.Silo),
            SiloGateway = Kept(ports, "--silo-gateway-port", options.SiloGatewayPort, former.SiloGateway),
            SampleBackend = hasBackend ? ports.Keep(former.SampleBackend, loopback) : 0,
        };

        data.ReadOrMake("admin-token", NewSecret);
        var password = data.ReadOrMake("store-password", NewSecret);
        var bind = options.Bind.ToString();
        var settings = new Dictionary<string, string?>
        {
            ["Gateway:Data:Path"] = data.Root,
            ["Gateway:Redis:ConnectionString"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{kept.Store},password={password}"),
            ["Gateway:Silo:Address"] = "127.0.0.1",
            ["Gateway:Silo:SiloPort"] = Text(kept.Silo),
            ["Gateway:Silo:GatewayPort"] = Text(kept.SiloGateway),
            ["Gateway:Edge:Silos"] = $"127.0.0.1:{Text(kept.SiloGateway)}",
            ["Gateway:Edge:BindAddress"] = bind,
            ["Gateway:Edge:HttpPort"] = Text(gateway),
            ["Gateway:Edge:HttpsPort"] = Text(gatewayTls),
            ["Gateway:Management:BindAddress"] = "127.0.0.1",
            ["Gateway:Management:HttpsBindAddress"] = bind,
            ["Gateway:Management:HttpPort"] = Text(management),
            ["Gateway:Management:HttpsPort"] = Text(managementTls),
            ["Gateway:Diagnostics:BindAddress"] = bind,
            ["Gateway:Diagnostics:Port"] = Text(diagnostics),

            // Token and key are those of the folder, whatever the environment says: run.json names the files.
            ["Gateway:Management:AdminToken"] = "",
            ["Gateway:Management:AdminTokenFile"] = "",
            ["Gateway:Secrets:KeyFile"] = "",
        };

        // No load balancer has to turn away from a single process first; the environment may say otherwise.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Gateway:Edge:DrainDelay"] = "0s" })
            .AddConfiguration(HostConfiguration.Build([]))
            .AddInMemoryCollection(settings)
            .Build();
        var host = HostOf(options.Bind);
        return new UpPlan
        {
            Settings = HostConfiguration.Load(configuration),
            Configuration = configuration,
            Ports = kept,
            FormerBackendPort = former.SampleBackend,
            StorePassword = password,
            Run = new RunFile
            {
                Pid = Environment.ProcessId,
                Gateway = $"http://{host}:{Text(gateway)}",
                GatewayTls = $"https://{host}:{Text(gatewayTls)}",
                Management = $"http://127.0.0.1:{Text(management)}",
                ManagementTls = $"https://{host}:{Text(managementTls)}",
                Diagnostics = $"http://{host}:{Text(diagnostics)}",
                AdminTokenFile = data.In("admin-token"),
                CaFile = data.In("ca.pem"),
                Publication = new RunPublication("", 0),
            },
        };
    }

    private static int Kept(Ports ports, string option, int asked, int former) =>
        asked != 0 ? ports.Claim(option, asked, IPAddress.Loopback) : ports.Keep(former, IPAddress.Loopback);

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    // An address that stands for all of them is no place to call.
    private static string HostOf(IPAddress bind)
    {
        if (bind.Equals(IPAddress.Any))
        {
            return "127.0.0.1";
        }

        return bind.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{(bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bind)}]" : bind.ToString();
    }
}
