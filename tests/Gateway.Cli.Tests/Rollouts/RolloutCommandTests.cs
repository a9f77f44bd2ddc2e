using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Rollouts;

public sealed class RolloutCommandTests
{
    private const string Answer = """
        {"properties":{"label":"ring","value":"canary","maximumErrorRate":0.05,"watch":"PT5M","minimumRequests":20,"promoted":{"lineage":"L","number":3},
         "staged":{"lineage":"L","number":4},"nodes":["e1"],"requests":10,"errors":1,"takenBack":"Publication L/2 was taken back."}}
        """;

    [Theory]
    [InlineData("show")]
    [InlineData("promote")]
    public async Task Rollout_SaysTheRuleAndHowItStands(string verb)
    {
        var (run, path) = await RunAsync(200, Answer, "rollout", verb);

        Assert.Equal(
            """
            edges with ring=canary try new publications for PT5M; above 5 % errors of at least 20 answers one is taken back.
            publication 4 is tried by e1: 1 errors of 10 answers; all others run 3.
            last taken back: Publication L/2 was taken back.

            """,
            run.Result,
            ignoreLineEndingDifferences: true);
        Assert.Contains(verb == "show" ? "/gateways/managed/rollout?" : "/gateways/managed/rollout/promote?", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_SendsTheRule()
    {
        var (run, path) = await RunAsync(200, Answer, "rollout", "set", "--label", "ring=canary", "--max-error-rate", "0.05", "--gateway", "berlin");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Contains("/gateways/berlin/rollout?", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_SaysWhatFollows() => Assert.Equal("every publication goes to all edges at once.\n", (await RunAsync(204, "", "rollout", "off")).Run.Result);

    [Theory]
    [InlineData("ring")]
    [InlineData("=canary")]
    [InlineData("ring=")]
    public async Task Label_ThatIsNone_IsRefusedBeforeAnythingIsSent(string label)
    {
        var (run, path) = await RunAsync(200, Answer, "rollout", "set", "--label", label, "--max-error-rate", "0.05");

        Assert.Equal((ExitCodes.Setting, null), (run.Code, path));
        Assert.Contains("--label must be NAME=VALUE", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_WithoutARule_SaysSo()
    {
        var (run, _) = await RunAsync(404, """{"error":{"code":"ResourceNotFound","message":"no"}}""", "rollout", "show");

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("has no rollout", run.Messages, StringComparison.Ordinal);
    }

    private static async Task<(CommandRun Run, string? Path)> RunAsync(int status, string answer, params string[] args)
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(status, answer);
        return (await CommandRun.OfAsync([.. args, "--url", server.Url, "--token-file", folder.In("token")]), server.Path);
    }
}
