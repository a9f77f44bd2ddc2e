using System.Globalization;
using Gateway.Site.Tests.Processes;
using Gateway.Testing.Certificates;

namespace Gateway.Site.Tests.Sites;

/// <summary>A site whose nodes take each other only with certificates of one CA.</summary>
public sealed class TlsSite : LocalSite
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("another CA");
    private readonly int _peerPort = FreePorts.Next();

    /// <summary>Settings of an edge that keeps no backup and knows the other as a peer.</summary>
    internal (string Name, string Value)[] PeerSettings =>
        [("Gateway__Backup__Enabled", "false"), ("Gateway__Edge__Peers", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_peerPort}"))];

    /// <summary>Gives an edge a new certificate under its running process.</summary>
    internal void Renew(string node) => WriteCertificate(node, _authority.Give(node, isServer: !node.StartsWith("edge", StringComparison.Ordinal)));

    /// <summary>Gives a node the certificate of a CA that is not the site's.</summary>
    internal void Estrange(string node) => WriteCertificate(node, _stranger.Give(node));

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
        _stranger.Dispose();
    }

    /// <inheritdoc />
    protected override void Prepare()
    {
        File.WriteAllText(In("cluster-ca.pem"), _authority.Pem);
        foreach (var node in (string[])["silo-0", "silo-1", "edge-0", "edge-1"])
        {
            Renew(node);
        }
    }

    /// <inheritdoc />
    protected override IEnumerable<KeyValuePair<string, string>> SettingsOf(string node) =>
    [
        new("Gateway__ClusterTls__CertificatePath", In($"{node}.pem")),
        new("Gateway__ClusterTls__CaPath", In("cluster-ca.pem")),
        .. node == "edge-0" ? new[] { KeyValuePair.Create("Gateway__Edge__PeerPort", _peerPort.ToString(CultureInfo.InvariantCulture)) } : [],
    ];

    private void WriteCertificate(string node, string pem)
    {
        File.WriteAllText(In($"{node}.pem.new"), pem);
        File.Move(In($"{node}.pem.new"), In($"{node}.pem"), overwrite: true);
    }
}
