using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Hosting.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A Kestrel on loopback with a plain port and a TLS port.</summary>
internal static class TestServer
{
    public static X509Certificate2 Certificate { get; } = MakeCertificate();

    public static WebApplicationBuilder Builder(Action? connected = null, bool plainHttp2 = false, bool asksForClients = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        // What the test's own services set for all listeners has to come before these.
        builder.Services.AddOptions<KestrelServerOptions>().PostConfigure(server =>
        {
            server.Limits.MaxRequestBodySize = null;
            server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            server.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = plainHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connected?.Invoke();
                    return next(connection);
                });
            });
            server.Listen(IPAddress.Loopback, 0, listen => listen.UseCertificate(new ServerCertificate(Certificate, [], null), asksForClients));
        });
        return builder;
    }

    public static Uri[] Addresses(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
