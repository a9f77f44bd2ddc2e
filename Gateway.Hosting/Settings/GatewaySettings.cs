using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Hosting.Settings.Binding;
using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Settings;

/// <summary>
/// Every setting of every role, from the section <c>Gateway</c>: appsettings.json, then environment (<c>Gateway__Edge__HttpPort</c>), then
/// command line (<c>--Gateway:Edge:HttpPort=8080</c>). A setting of another role is ignored, so that all processes of a site can share one environment.
/// </summary>
public sealed record GatewaySettings
{
    /// <summary>The name of this node, unique among the nodes of its role. Default: the machine's name.</summary>
    [Name] public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>The gateway that an edge serves.</summary>
    [Name] public string GatewayId { get; init; } = CatalogKeys.ManagedGateway;

    /// <summary>The name of the cluster of silos. Change it to run a second cluster beside the first during a move; one cluster at a time may write.</summary>
    [Name] public string ClusterId { get; init; } = "gateway";

    /// <summary>The prefix of every key in the stores. Must differ between installations that share a store.</summary>
    [Name] public string ServiceId { get; init; } = "gateway";

    /// <summary>The service's name in the URLs of the management API.</summary>
    [Name] public string ServiceName { get; init; } = "gateway";

    /// <summary>What the edge's access log on standard output holds.</summary>
    public AccessLogMode AccessLog { get; init; } = AccessLogMode.All;

    /// <summary>The state store.</summary>
    public RedisSettings Redis { get; init; } = new();

    /// <summary>The cache store.</summary>
    public CacheSettings Cache { get; init; } = new();

    /// <summary>The data folder.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>The site key.</summary>
    public SecretsSettings Secrets { get; init; } = new();

    /// <summary>Where a silo listens for other silos and for edges.</summary>
    public SiloSettings Silo { get; init; } = new();

    /// <summary>Timings of the cluster.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Certificates of the site's own traffic.</summary>
    public ClusterTlsSettings ClusterTls { get; init; } = new();

    /// <summary>The management API of a silo.</summary>
    public ManagementSettings Management { get; init; } = new();

    /// <summary>The data plane.</summary>
    public EdgeSettings Edge { get; init; } = new();

    /// <summary>The server certificate.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>The diagnostics listener.</summary>
    public DiagnosticsSettings Diagnostics { get; init; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>The making and fetching of publications.</summary>
    public PublicationSettings Publications { get; init; } = new();

    /// <summary>The edge's copy of its publication on disk.</summary>
    public BackupSettings Backup { get; init; } = new();

    /// <summary>The hub of a federated site.</summary>
    public UpstreamSettings Upstream { get; init; } = new();

    /// <summary>Heartbeats and what follows from silence.</summary>
    public NodesSettings Nodes { get; init; } = new();

    /// <summary>Whose publications an edge accepts.</summary>
    public TrustSettings Trust { get; init; } = new();

    /// <summary>What limits do in an outage.</summary>
    public LimitsSettings Limits { get; init; } = new();

    /// <summary>The counters behind limits.</summary>
    public CountersSettings Counters { get; init; } = new();

    /// <summary>What the expressions of policies may use.</summary>
    public ExpressionsSettings Expressions { get; init; } = new();

    /// <summary>Tokens of the gateway itself.</summary>
    public IdentitySettings Identity { get; init; } = new();

    /// <summary>Settings of the reference product that were given and mean nothing here; said once in the log.</summary>
    [NotASetting] public string[] IgnoredAliases { get; init; } = [];

    /// <summary>Reads and checks all settings. Each error is one sentence that names the setting.</summary>
    public static Result<GatewaySettings> Load(IConfiguration configuration) => SettingsBinder.Bind(configuration);
}
