namespace Gateway.Hosting.Settings;

/// <summary>
/// Mutual TLS between edges and silos, and between silos: every node shows a certificate of the site's own CA and takes none of another. All nodes of a site have it,
/// or none. The files are looked at again at every connection, so that replacing them needs no restart.
/// </summary>
public sealed record ClusterTlsSettings
{
    /// <summary>A PEM file with this node's certificate and its chain; a silo's must be for servers and clients, an edge's for clients. Default: no TLS.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The PEM file of its private key. Default: the certificate's file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>A PEM file with the CA that every node's certificate must come from; two during a change. Needed with a certificate.</summary>
    public string? CaPath { get; init; }
}
