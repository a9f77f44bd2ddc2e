using Gateway.Hosting.Running;
using Gateway.Cli.Data;

namespace Gateway.Cli.Tests.Data;

public sealed class DataFolderTests
{
    [Fact]
    public void Open_SecondTime_IsRefusedUntilTheFirstEnds()
    {
        using var temporary = new TemporaryFolder();
        using (DataFolder.Open(temporary.In("data")))
        {
            var exception = Assert.Throws<ExitException>(() => DataFolder.Open(temporary.In("data")));
            Assert.Equal(ExitCodes.DataFolder, exception.Code);
            Assert.Contains(temporary.In("data"), exception.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(temporary.In("data")).Dispose();
    }

    [Fact]
    public void Open_WhereAFileIs_IsRefused()
    {
        using var temporary = new TemporaryFolder().With("data", "a file");

        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => DataFolder.Open(temporary.In("data"))).Code);
    }

    [Fact]
    public void Secret_FirstTime_IsMadeForTheOwnerOnlyAndKept()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary.Path);

        var secret = folder.Secret(folder.AdminTokenFile);

        Assert.Equal(32, Convert.FromBase64String(secret).Length);
        Assert.Equal(secret, folder.Secret(folder.AdminTokenFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.AdminTokenFile));
    }

    [Fact]
    public void Secret_OfTheOperator_IsTaken()
    {
        using var temporary = new TemporaryFolder().With("admin-token", "  s3cret \n");
        using var folder = DataFolder.Open(temporary.Path);

        Assert.Equal("s3cret", folder.Secret(folder.AdminTokenFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Secret_ThatIsEmpty_IsDamage(string text)
    {
        using var temporary = new TemporaryFolder().With("admin-token", text);
        using var folder = DataFolder.Open(temporary.Path);

        var exception = Assert.Throws<ExitException>(() => folder.Secret(folder.AdminTokenFile));
        Assert.Equal(ExitCodes.DataFolder, exception.Code);
        Assert.Contains("admin-token", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeptPorts_SavedAndLoaded_AreTheSame()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary.Path);
        var ports = new KeptPorts { Store = 1, Silo = 2, SiloGateway = 3, SampleBackend = 4 };

        Assert.Equal(new KeptPorts(), KeptPorts.Load(folder));
        ports.Save(folder);
        Assert.Equal(ports, KeptPorts.Load(folder));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"store":70000}""")]
    [InlineData("""{"store":"x"}""")]
    public void KeptPorts_ThatAreNone_AreDamage(string text)
    {
        using var temporary = new TemporaryFolder().With("ports.json", text);
        using var folder = DataFolder.Open(temporary.Path);

        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => KeptPorts.Load(folder)).Code);
    }
}
