using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Backups;

public sealed class BackupCommandTests
{
    [Fact]
    public async Task Backup_WritesAFileThatOnlyItsOwnerReads()
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(200, "the backup");

        var run = await CommandRun.OfAsync("backup", folder.In("b"), "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal((ExitCodes.Done, ""), (run.Code, run.Messages));
        Assert.Contains("/backup?", server.Path, StringComparison.Ordinal);
        Assert.Equal("the backup", await File.ReadAllTextAsync(folder.In("b")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.In("b")));
        }
    }

    [Fact]
    public async Task Backup_ThatIsRefused_LeavesTheFileAsItWas()
    {
        using var folder = new TemporaryFolder().With("token", "t").With("b", "old");
        await using var server = await FakeManagement.StartAsync(503, """{"error":{"code":"ServiceUnavailable","message":"The state store has lost the catalog."}}""");

        var run = await CommandRun.OfAsync("backup", folder.In("b"), "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("The state store has lost the catalog.", run.Messages, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(folder.In("b")));
    }

    [Fact]
    public async Task Restore_SaysWhatCameBack()
    {
        using var folder = new TemporaryFolder().With("token", "t").With("b", "{}");
        await using var server = await FakeManagement.StartAsync(200, """{"lineage":"L2","version":7,"resources":3,"madeAt":"2026-01-02T03:04:05+00:00"}""");

        var run = await CommandRun.OfAsync("restore", folder.In("b"), "--replace", "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal((ExitCodes.Done, "restored: 3 resources of 2026-01-02T03:04:05+00:00; catalog version 7, lineage L2."), (run.Code, run.Result.Trim()));
        Assert.Contains("replace=true", server.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OfAMissingFile_IsRefusedBeforeAnythingIsSent()
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(200, "{}");

        var run = await CommandRun.OfAsync("restore", folder.In("none"), "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal((ExitCodes.Setting, null), (run.Code, server.Path));
        Assert.Contains(folder.In("none"), run.Messages, StringComparison.Ordinal);
    }
}
