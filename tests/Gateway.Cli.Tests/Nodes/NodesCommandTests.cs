using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Nodes;

public sealed class NodesCommandTests
{
    [Fact]
    public async Task Nodes_OfAGateway_AreATable()
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(200, """
            {"value":[
              {"name":"a","properties":{"role":"edge","state":"ready","version":"1.0","publication":{"lineage":"L","number":12,"since":"2026-01-01T00:00:00Z","lagSeconds":1.5},
                "rejected":{"lineage":"L","number":13,"reason":"too large"},"lastSeen":"2026-01-01T00:00:00Z"}},
              {"name":"longer","properties":{"role":"silo","state":"stale","version":"1.0","publication":null,"lastSeen":"2026-01-01T00:00:00Z"}}],"count":2}
            """);

        var run = await CommandRun.OfAsync("nodes", "--gateway", "berlin", "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal("""
            NAME    ROLE  STATE  VERSION  PUBLICATION  SINCE                 LAG    LAST SEEN             REJECTED
            a       edge  ready  1.0      L/12         2026-01-01T00:00:00Z  1.5 s  2026-01-01T00:00:00Z  13: too large
            longer  silo  stale  1.0      -            -                     -      2026-01-01T00:00:00Z  -

            """, run.Result);
        Assert.Contains("/gateways/berlin/nodes", server.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_OfNoGateway_AreRefused()
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(404, """{"error":{"code":"ResourceNotFound","message":"no"}}""");

        var run = await CommandRun.OfAsync("nodes", "--gateway", "x", "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("There is no gateway \"x\"", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_WhileTheCatalogHasNoAnswerInTime_AreAskedForAgain()
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(200, """{"value":[],"count":0}""");
        server.Busy = 1;

        var run = await CommandRun.OfAsync("nodes", "--url", server.Url, "--token-file", folder.In("token"));

        Assert.Equal(ExitCodes.Done, run.Code);
    }
}
