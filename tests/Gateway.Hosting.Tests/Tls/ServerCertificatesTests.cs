using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Hosting.Tests.Tls;

public sealed class ServerCertificatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public ServerCertificatesTests() => _data = DataFolder.Open(_folder.Path);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Load_WithoutFiles_MakesOneForThisMachineUnderItsCa()
    {
        var made = Load();

        Assert.True(made.Certificate.HasPrivateKey);
        Assert.All(["localhost", "127.0.0.1", "::1", Environment.MachineName], name => Assert.True(made.Certificate.MatchesHostname(name), name));
        Assert.True(IsTrusted(made));
    }

    [Fact]
    public void Load_Again_GivesTheSame()
    {
        Assert.Equal(Load().Certificate.Thumbprint, Load().Certificate.Thumbprint);
    }

    [Fact]
    public void Load_NearItsEnd_RenewsItUnderTheSameCa()
    {
        var first = Load();
        var ca = File.ReadAllText(first.CaFile!);
        _time.Advance(TimeSpan.FromDays(397 - 29));

        var renewed = Load();

        Assert.NotEqual(first.Certificate.Thumbprint, renewed.Certificate.Thumbprint);
        Assert.Equal(ca, File.ReadAllText(renewed.CaFile!));
        Assert.True(IsTrusted(renewed));
    }

    [Fact]
    public void Load_WithoutTheCaKey_MakesBothNew()
    {
        var first = Load();
        File.Delete(_folder.In("ca.key"));

        var second = Load();

        Assert.NotEqual(first.Certificate.Thumbprint, second.Certificate.Thumbprint);
        Assert.True(IsTrusted(second));
    }

    [Fact]
    public void Load_Keys_AreForTheirOwnerOnly()
    {
        Load();

        Assert.All(["ca.key", "server.key"], name => Assert.False(PrivateFile.IsOpenToOthers(_folder.In(name)), name));
    }

    [Fact]
    public void Load_DamagedFile_EndsWithTheDataFolderCode()
    {
        Load();
        File.WriteAllText(_folder.In("server.pem"), "nonsense");

        var exit = Assert.Throws<ExitException>(Load);

        Assert.Equal(ExitCodes.DataFolder, exit.Code);
        Assert.Contains(_folder.Path, exit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OperatorsFiles_AreServed()
    {
        var kept = Load();
        var settings = new TlsSettings { CertificatePath = _folder.In("server.pem"), KeyPath = _folder.In("server.key") };

        var named = ServerCertificates.Load(settings, _data, _time);

        Assert.Equal(kept.Certificate.Thumbprint, named.Certificate.Thumbprint);
        Assert.Null(named.CaFile);
    }

    [Theory]
    [InlineData("missing.pem", null)]
    [InlineData("server.pem", "ca.key")]
    [InlineData("server.pem", null)]
    public void Load_OperatorsFilesThatDoNotFit_NameTheSettings(string certificate, string? key)
    {
        Load();
        var settings = new TlsSettings { CertificatePath = _folder.In(certificate), KeyPath = key is null ? null : _folder.In(key) };

        var exit = Assert.Throws<ExitException>(() => ServerCertificates.Load(settings, _data, _time));

        Assert.Equal(ExitCodes.Setting, exit.Code);
        Assert.StartsWith("Gateway:Tls:CertificatePath", exit.Message, StringComparison.Ordinal);
    }

    private ServerCertificate Load() => ServerCertificates.Load(new TlsSettings(), _data, _time);

    private bool IsTrusted(ServerCertificate server)
    {
        using var ca = X509Certificate2.CreateFromPem(File.ReadAllText(server.CaFile!));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(server.Certificate);
    }
}
