using Gateway.Cli.Data;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Data;

public sealed class KeptFilesTests
{
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

    [Fact]
    public void StateFile_SavedAndLoaded_IsTheSame()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary.Path);
        var state = new StateFile { Started = true, Lineage = "l", Version = 9 };

        Assert.Equal(new StateFile(), StateFile.Load(folder));
        state.Save(folder);
        Assert.Equal(state, StateFile.Load(folder));
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

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":"x"}""")]
    public void StateFile_ThatIsNone_IsDamage(string text)
    {
        using var temporary = new TemporaryFolder().With("state.json", text);
        using var folder = DataFolder.Open(temporary.Path);

        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => StateFile.Load(folder)).Code);
    }
}
