using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Execution;

public sealed class CertificateChainTests
{
    [Fact]
    public void Check_StrangersCertificateNamesAnAddress_IsNotAskedWhetherItWasRevoked()
    {
        var now = DateTimeOffset.UtcNow;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var authority = Authority(now);
        using var certificate = Issue(authority, $"http://{listener.LocalEndpoint}/revoked.crl", now);

        var chain = CertificateChain.Check(certificate, withRevocation: true, now, [authority]);

        Assert.False(listener.Pending());
        Assert.Equal((false, true, authority.Thumbprint), (chain.IsTrusted, chain.IsRevoked, chain.IssuerThumbprint));
    }

    private static X509Certificate2 Authority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string listOfRevoked, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([listOfRevoked]));
        return request.Create(authority, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
    }
}
