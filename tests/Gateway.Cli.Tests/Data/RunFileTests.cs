using System.Text.Json;
using Gateway.Cli.Data;

namespace Gateway.Cli.Tests.Data;

public sealed class RunFileTests
{
    [Fact]
    public void Write_HasTheFixedNames_ForTheOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("run.json");
        var run = new RunFile
        {
            Pid = 7,
            Gateway = "http://127.0.0.1:1",
            GatewayTls = "https://127.0.0.1:2",
            Management = "http://127.0.0.1:3",
            ManagementTls = "https://127.0.0.1:4",
            Diagnostics = "http://127.0.0.1:5",
            AdminTokenFile = "/d/admin-token",
            CaFile = "/d/ca.pem",
            Publication = new RunPublication("l", 2),
        };

        run.Write(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(run, RunFile.Read(path));
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(
            ["pid", "gateway", "gatewayTls", "management", "managementTls", "diagnostics", "adminTokenFile", "caFile", "publication"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["lineage", "number"], json.RootElement.GetProperty("publication").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Read_WhenNoGatewayRuns_IsNull()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(RunFile.Read(folder.In("run.json")));
        Assert.Null(RunFile.Read(folder.In("nowhere/run.json")));
    }
}
