using Gateway.Contracts.Secrets;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Hosting.Tests.Data;

public sealed class SecretFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly LogLines<SecretFilesTests> _log = new();
    private readonly SiteKey _key = SiteKey.Generate();

    public SecretFilesTests() => _data = DataFolder.Open(_folder.In("data"));

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void SiteKey_WithoutAnyFile_IsMadeAndKept()
    {
        var first = SecretFiles.SiteKey(new GatewaySettings(), _data, _log);

        Assert.Equal(first.Id, SecretFiles.SiteKey(new GatewaySettings(), _data, _log).Id);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void PublicationKey_EdgeForm_IsTakenInSilence()
    {
        var settings = Named(_key.Publication.Export());

        Assert.Equal(_key.Publication.Id, SecretFiles.PublicationKey(settings, _data, besideSilo: false, _log).Id);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void PublicationKey_SiteKey_IsDerivedAndWarnedAboutOnAnEdgeAlone(bool besideSilo, int warnings)
    {
        var settings = Named(_key.Export());

        Assert.Equal(_key.Publication.Id, SecretFiles.PublicationKey(settings, _data, besideSilo, _log).Id);
        Assert.Equal(warnings, _log.Lines.Count);
        Assert.DoesNotContain(_log.Lines, line => line.Contains(_key.Export(), StringComparison.Ordinal));
    }

    [Fact]
    public void PublicationKey_WithoutAnyFile_NamesTheSetting()
    {
        var exit = Assert.Throws<ExitException>(() => SecretFiles.PublicationKey(new GatewaySettings(), _data, besideSilo: false, _log));

        Assert.Equal(ExitCodes.Setting, exit.Code);
        Assert.StartsWith("Gateway:Secrets:KeyFile must", exit.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64")]
    [InlineData("")]
    public void SiteKey_NamedFileWithoutAKey_NamesTheSettingAndNotTheContent(string content)
    {
        var exit = Assert.Throws<ExitException>(() => SecretFiles.SiteKey(Named(content), _data, _log));

        Assert.Equal(ExitCodes.Setting, exit.Code);
        Assert.StartsWith("Gateway:Secrets:KeyFile names ", exit.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !exit.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void SiteKey_DamagedInTheDataFolder_IsDamage()
    {
        File.WriteAllText(_data.In("site.key"), "damaged");

        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => SecretFiles.SiteKey(new GatewaySettings(), _data, _log)).Code);
    }

    [Fact]
    public void SiteKey_ReadableByOthers_IsWarnedAboutNotRefused()
    {
        var settings = Named(_key.Export());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.Secrets.KeyFile!, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        Assert.Equal(_key.Id, SecretFiles.SiteKey(settings, _data, _log).Id);
        Assert.Equal(!OperatingSystem.IsWindows(), _log.Lines.Any(line => line.EndsWith("can be read by others than its owner; mode 0600 is safer.", StringComparison.Ordinal)));
    }

    [Fact]
    public void AdminToken_Sources_AreTheSettingThenTheFileThenTheDataFolder()
    {
        File.WriteAllText(_folder.In("token"), " from file \n");
        var file = new GatewaySettings { Management = new ManagementSettings { AdminTokenFile = _folder.In("token") } };
        var both = file with { Management = file.Management with { AdminToken = "given" } };

        Assert.Equal("given", SecretFiles.AdminToken(both, _data, _log));
        Assert.Equal("from file", SecretFiles.AdminToken(file, _data, _log));
        var made = SecretFiles.AdminToken(new GatewaySettings(), _data, _log);
        Assert.Equal(made, File.ReadAllText(_data.In("admin-token")).Trim());
    }

    private GatewaySettings Named(string content)
    {
        var path = _folder.In("named.key");
        PrivateFile.Write(path, System.Text.Encoding.UTF8.GetBytes(content));
        return new GatewaySettings { Secrets = new SecretsSettings { KeyFile = path } };
    }
}
