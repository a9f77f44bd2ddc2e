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

    /// <summary>Labels shown with this node, as <c>Gateway:Edge:Labels:site=berlin</c>; rollouts choose edges by them.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>
    /// Edges from which one that starts while no silo answers, and without a backup, takes the publication: host:port or a DNS name (port 8445), separated by commas; each address of a
    /// name is asked. Needs <c>Gateway:ClusterTls</c>.
    /// </summary>
    [HostList] public string[] Peers { get; init; } = [];

    /// <summary>The port on which this edge gives its publication to its peers, by mutual TLS; 0 for any free one. Default: it does not. Needs <c>Gateway:ClusterTls</c>.</summary>
    [Port] public int? PeerPort { get; init; }

    /// <summary>Where <c>validate-azure-ad-token</c> finds Microsoft Entra tenants: the tenant's id and <c>/v2.0/.well-known/openid-configuration</c> are appended.</summary>
    [HttpUrl] public string EntraAuthority { get; init; } = "https://login.microsoftonline.com";

    /// <summary>
    /// The most tokens that an edge remembers as good, so that their signature is not checked again with each request; each takes about twice its length and 2 KB. 0: none.
    /// </summary>
    [Between(0, 1_000_000)] public int ValidatedTokens { get; init; } = 4096;

    /// <summary>
    /// True: clients that connect by TLS are asked for a certificate, which policies judge (<c>validate-client-certificate</c>, <c>context.Request.Certificate</c>); one without
    /// connects all the same.
    /// </summary>
    public bool ClientCertificates { get; init; }

    /// <summary>
    /// Runs what follows on a socket on the thread that watches it: about a quarter less CPU per request, but one slow policy then holds up all connections of
    /// its thread. For edges whose policies have no long expressions; not in a process with silo and edge.
    /// </summary>
    public bool InlineSockets { get; init; }

    /// <summary>
    /// For how long the system lets one of the edge's threads run while others wait for the processor (Linux from 6.12 on, which heeds 0.1 to 100 ms): a short time lets it in sooner when it
    /// has something to do, before other programs, and gives it no greater share. 0s: the system's own, which is some milliseconds. Not in a process with silo and edge.
    /// </summary>
    [Period("0s", "100ms")] public TimeSpan TimeSlice { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>After the signal to stop the edge says that it is not ready and goes on taking requests for this time, so that load balancers can turn away.</summary>
    [Period("0s", "10m")] public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After that, requests in flight have this time to finish.</summary>
    [Period("0s", "1h")] public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
