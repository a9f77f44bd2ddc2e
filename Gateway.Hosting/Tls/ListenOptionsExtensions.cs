using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Hosting.Tls;

/// <summary>Puts the server certificate on a listener.</summary>
public static class ListenOptionsExtensions
{
    /// <summary>TLS with this certificate and its chain.</summary>
    public static void UseCertificate(this ListenOptions listen, ServerCertificate certificate) =>
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate.Certificate;
            https.ServerCertificateChain = [.. certificate.Chain];
        });
}
