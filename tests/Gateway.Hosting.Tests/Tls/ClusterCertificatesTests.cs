using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;
using Gateway.Testing.Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Hosting.Tests.Tls;

public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-tls").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("another CA");

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Certificates_OfTheSitesCa_AreTakenOnTheSideTheyAreMeantFor()
    {
        var certificates = Load(_authority.Give("silo"));
        using var edge = X509Certificate2.CreateFromPem(_authority.Give("edge", isServer: false));
        using var foreign = X509Certificate2.CreateFromPem(_stranger.Give("edge"));
        using var old = X509Certificate2.CreateFromPem(_authority.Give("old", until: _time.GetUtcNow().AddDays(-1)));

        Assert.True(certificates.IsOfThisSite(edge, null, isServer: false));
        Assert.False(certificates.IsOfThisSite(edge, null, isServer: true));
        Assert.False(certificates.IsOfThisSite(foreign, null, isServer: false));
        Assert.False(certificates.IsOfThisSite(old, null, isServer: false));
        Assert.False(certificates.IsOfThisSite(null, null, isServer: false));
    }

    [Fact]
    public void Files_ThatChange_AreTakenWithoutRestart_AndBrokenOnesLeaveWhatIsInUse()
    {
        var certificates = Load(_authority.Give("first"));
        Assert.Equal("CN=first", certificates.Certificate.Subject);

        Write("node.pem", _authority.Give("second"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=second", certificates.Certificate.Subject);

        Write("node.pem", "half a file");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=second", certificates.Certificate.Subject);

        // A CA that is replaced is taken with the one before it for a while.
        Write("node.pem", _stranger.Give("third"));
        Write("ca.pem", _authority.Pem + _stranger.Pem);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=third", certificates.Certificate.Subject);
        using var before = X509Certificate2.CreateFromPem(_authority.Give("edge"));
        Assert.True(certificates.IsOfThisSite(before, null, isServer: false));
    }

    [Fact]
    public void Expiry_OfTheCertificateInUse_IsKnown()
    {
        var end = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Contains(Load(_authority.Give("node", until: end)).Expiries(), thing => thing.Name == "cluster_certificate" && thing.ExpiresAt == end);
    }

    [Theory]
    [InlineData(null, "ca.pem", "CertificatePath must be set")]
    [InlineData("node.pem", null, "CaPath must be set")]
    [InlineData("none.pem", "ca.pem", "none.pem")]
    [InlineData("ca.pem", "ca.pem", "cannot be used")]
    public void Settings_ThatDoNotFit_EndTheProcess(string? certificate, string? ca, string reason)
    {
        Load(_authority.Give("node"));

        var refused = Assert.Throws<ExitException>(() => ClusterCertificates.Load(
            new ClusterTlsSettings { CertificatePath = certificate is null ? null : In(certificate), CaPath = ca is null ? null : In(ca) }, _time, NullLogger.Instance));

        Assert.Equal(ExitCodes.Setting, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoSetting_IsNoTls() => Assert.Null(ClusterCertificates.Load(new ClusterTlsSettings(), _time, NullLogger.Instance));

    private ClusterCertificates Load(string node)
    {
        Write("node.pem", node);
        Write("ca.pem", _authority.Pem);
        return ClusterCertificates.Load(new ClusterTlsSettings { CertificatePath = In("node.pem"), CaPath = In("ca.pem") }, _time, NullLogger.Instance)!;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(In(name), text);
}
