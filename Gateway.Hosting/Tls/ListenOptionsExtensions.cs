using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Hosting.Tls;

/// <summary>Puts the server certificate on a listener.</summary>
public static class ListenOptionsExtensions
{
    /// <summary>TLS with this certificate and its chain.</summary>
    public static void UseCertificate(this ListenOptions listen, ServerCertificate certificate, bool asksForClients = false) =>
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate.Certificate;
            https.ServerCertificateChain = [.. certificate.Chain];
            if (asksForClients)
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                // Whom it lets in is said by policies.
                https.AllowAnyClientCertificate();
            }
        });
}
