using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Publications;

public sealed class PublicationsCommandTests
{
    [Fact]
    public async Task List_IsATable()
    {
        var (run, path) = await RunAsync(200, """
            {"value":[{"lineage":"L","number":3,"catalogVersion":8,"createdAt":"2026-01-02T03:04:05+00:00","parts":2,"bytes":300,"rollbackOf":1,"nodes":["e1","e2"]},
              {"lineage":"L","number":2,"catalogVersion":7,"createdAt":"2026-01-02T03:04:00+00:00","parts":2,"bytes":310,"nodes":[]}],"count":2}
            """, "publications", "list", "--gateway", "berlin");

        Assert.Equal("""
            NUMBER  LINEAGE  MADE                       CATALOG  PARTS  BYTES  ROLLBACK OF  EDGES
            3       L        2026-01-02T03:04:05+00:00  8        2      300    1            e1,e2
            2       L        2026-01-02T03:04:00+00:00  7        2      310    -            -

            """, run.Result);
        Assert.Contains("/gateways/berlin/publications?", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ListsTheParts()
    {
        var (run, path) = await RunAsync(200, """{"number":3,"parts":[{"kind":"api","id":"orders","bytes":120}]}""", "publications", "show", "3");

        Assert.Equal("""
            KIND  ID      BYTES
            api   orders  120

            """, run.Result);
        Assert.Contains("/publications/3?", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_SaysWhatBecameOfEachPart()
    {
        var (run, path) = await RunAsync(200, """{"from":2,"to":3,"changes":[{"kind":"api","id":"orders","change":"added","bytes":1}]}""", "publications", "diff", "2", "3");

        Assert.Equal("added api orders\n", run.Result);
        Assert.Contains("/publications/3/diff?", path, StringComparison.Ordinal);
        Assert.Contains("from=2", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_SaysWhatToDoNext()
    {
        var (run, path) = await RunAsync(200, """{"lineage":"L","number":9,"rollbackOf":3}""", "rollback", "3");

        Assert.Equal((ExitCodes.Done, "publication 9 holds what 3 held.\n"), (run.Code, run.Result));
        Assert.Contains("/publications/3/rollback?", path, StringComparison.Ordinal);
        Assert.Contains("mend it", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_ToOneThatIsNotKept_IsRefused()
    {
        var (run, _) = await RunAsync(404, """{"error":{"code":"ResourceNotFound","message":"no"}}""", "rollback", "3");

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("keeps no such publication", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publications", "show", "x")]
    [InlineData("publications", "diff", "1", "0")]
    public async Task Number_ThatIsNone_IsRefusedBeforeAnythingIsSent(params string[] args)
    {
        var (run, path) = await RunAsync(200, "{}", args);

        Assert.Equal((ExitCodes.Setting, null), (run.Code, path));
    }

    private static async Task<(CommandRun Run, string? Path)> RunAsync(int status, string answer, params string[] args)
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(status, answer);
        return (await CommandRun.OfAsync([.. args, "--url", server.Url, "--token-file", folder.In("token")]), server.Path);
    }
}
