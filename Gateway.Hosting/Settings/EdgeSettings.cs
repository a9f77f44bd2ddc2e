using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The data plane.</summary>
public sealed record EdgeSettings
{
    /// <summary>The port of the gateway's HTTP listener.</summary>
    [Port] public int HttpPort { get; init; } = 8080;

    /// <summary>The port of the gateway's HTTPS listener.</summary>
    [Port] public int HttpsPort { get; init; } = 8443;

    /// <summary>Where both listen.</summary>
    [BindAddress] public string BindAddress { get; init; } = "*";

    /// <summary>
    /// The silos' gateway ports: host:port or a DNS name (port <c>Gateway:Silo:GatewayPort</c>), separated by commas; names are resolved again at each look.
    /// Default: the list of the last run, else the state store.
    /// </summary>
    [HostList] public string[] Silos { get; init; } = [];

    /// <summary>Labels shown with this node, as <c>Gateway:Edge:Labels:site=berlin</c>.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>Edges from which one without a backup may start when no silo answers.</summary>
    [HostList] public string[] Peers { get; init; } = [];

    /// <summary>The port on which an edge answers its peers.</summary>
    [Port] public int PeerPort { get; init; } = 8445;

    /// <summary>
    /// Runs what follows on a socket on the thread that watches it: about a quarter less CPU per request, but one slow policy then holds up all connections of
    /// its thread. For edges whose policies have no long expressions; not in a process with silo and edge.
    /// </summary>
    public bool InlineSockets { get; init; }

    /// <summary>After the signal to stop the edge says that it is not ready and goes on taking requests for this time, so that load balancers can turn away.</summary>
    [Period("0s", "10m")] public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After that, requests in flight have this time to finish.</summary>
    [Period("0s", "1h")] public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
