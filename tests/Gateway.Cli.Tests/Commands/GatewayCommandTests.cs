using Gateway.Contracts.Secrets;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Commands;

public sealed class GatewayCommandTests
{
    [Theory]
    [InlineData("up --nonsense")]
    [InlineData("up --gateway-port many")]
    [InlineData("up --gateway-port 65536")]
    [InlineData("up --bind nowhere.example")]
    [InlineData("down")]
    [InlineData("apply")]
    [InlineData("apply . --url ftp://x --token-file nowhere")]
    [InlineData("apply . --data nowhere")]
    [InlineData("nodes --url http://127.0.0.1:1 --data nowhere")]
    [InlineData("key export --for silo")]
    [InlineData("key export --for edge --data nowhere")]
    public async Task Run_WrongLine_EndsWithCode2AndASentence(string line)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));

        Assert.Equal((ExitCodes.Setting, ""), (run.Code, run.Result));
        Assert.NotEmpty(run.Messages);
    }

    [Fact]
    public async Task KeyExport_SiteKey_GivesTheKeyOfEdges()
    {
        var site = SiteKey.Generate();
        using var folder = new TemporaryFolder().With("site.key", site.Export() + "\n");

        var run = await CommandRun.OfAsync("key", "export", "--for", "edge", "--data", folder.Path);

        Assert.Equal((ExitCodes.Done, site.Publication.Export() + "\n"), (run.Code, run.Result));
    }

    [Fact]
    public async Task KeyExport_SomethingElse_IsRefusedWithoutShowingIt()
    {
        using var folder = new TemporaryFolder().With("site.key", "not-a-key-but-secret\n");

        var run = await CommandRun.OfAsync("key", "export", "--for", "edge", "--data", folder.Path);

        Assert.Equal(ExitCodes.Setting, run.Code);
        Assert.DoesNotContain("not-a-key-but-secret", run.Messages, StringComparison.Ordinal);
    }
}
