using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Tls;

/// <summary>
/// Mutual TLS as a part of the connections between nodes. Orleans' own package for it depends on the runtime of silos, which edges go without.
/// </summary>
public static class ClusterTls
{
    private static readonly TimeSpan _handshake = TimeSpan.FromSeconds(10);

    /// <summary>Puts it on connections.</summary>
    /// <param name="connections">Those of one kind, before anything else reads them.</param>
    /// <param name="certificates">What to show, and whom to take.</param>
    /// <param name="isServer">True on the side that listens.</param>
    public static void UseClusterTls(this IConnectionBuilder connections, ClusterCertificates certificates, bool isServer) =>
        connections.Use(next => context => RunAsync(context, next, certificates, isServer));

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, ClusterCertificates certificates, bool isServer)
    {
        var plain = context.Transport;
        await using var duplex = new DuplexStream(plain);
        await using var tls = new SslStream(duplex, leaveInnerStreamOpen: true);
        using (var bound = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed))
        {
            bound.CancelAfter(_handshake);
            await (isServer ? tls.AuthenticateAsServerAsync(Server(certificates), bound.Token) : tls.AuthenticateAsClientAsync(Client(certificates, isServer: true), bound.Token));
        }

        context.Transport = new Secured(
            PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        try
        {
            await next(context);
            await tls.ShutdownAsync();
        }
        finally
        {
            context.Transport = plain;
        }
    }

    private static SslServerAuthenticationOptions Server(ClusterCertificates certificates) => new()
    {
        ServerCertificateContext = certificates.Context(),
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => certificates.IsOfThisSite(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore, isServer: false),
    };

    /// <summary>
    /// How an edge connects to another edge, for one connection. The one that listens shows the certificate of an edge too, which is one for clients, so that no edge can pass for a silo.
    /// </summary>
    public static SslClientAuthenticationOptions BetweenEdges(ClusterCertificates certificates) => Client(certificates, isServer: false);

    // Nodes are found by address: it is the CA that counts, not the name.
    private static SslClientAuthenticationOptions Client(ClusterCertificates certificates, bool isServer) => new()
    {
        TargetHost = isServer ? "silo" : "edge",
        ClientCertificateContext = certificates.Context(),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => certificates.IsOfThisSite(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore, isServer),
    };

    private sealed record Secured(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
