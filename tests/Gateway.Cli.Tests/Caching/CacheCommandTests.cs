using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Caching;

public sealed class CacheCommandTests
{
    private const string Report = """
        {"value":[{"name":"05","properties":{"api":"orders","operation":"get","path":"/orders/1","requestsPerSecond":12.3,"hitRatio":0.5}},
        {"name":"06","properties":{"api":"orders","operation":null,"path":"/\u001b[2Jx","requestsPerSecond":1,"hitRatio":0}}],"count":2}
        """;

    [Fact]
    public async Task Top_OfACache_IsATable()
    {
        var (run, path) = await RunAsync(Report, 200, "--cache", "re dis", "-n", "7");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal("""
            REQUESTS/S  HIT RATIO  API     OPERATION  PATH
            12.3        0.5        orders  get        /orders/1
            1           0          orders  -          /?[2Jx

            """.Replace('?', '\uFFFD'), run.Result);
        Assert.EndsWith("/caches/re%20dis/hotKeys?api-version=2024-05-01&$top=7", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_OfACacheThatNobodyUses_SaysSo() =>
        Assert.Equal($"No request has looked for a response in the cache internal within the last seconds.{Environment.NewLine}", (await RunAsync("""{"value":[],"count":0}""", 200)).Run.Result);

    [Fact]
    public async Task Top_OfAnUnknownCache_IsRefused()
    {
        var (run, _) = await RunAsync("""{"error":{"code":"ResourceNotFound","message":"no"}}""", 404, "--cache", "none");

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("There is no cache 'none'", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    public async Task Top_OfTooMany_IsRefused(string count) => Assert.Equal(ExitCodes.Setting, (await RunAsync(Report, 200, "-n", count)).Run.Code);

    private static async Task<(CommandRun Run, string? Path)> RunAsync(string answer, int status, params string[] options)
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(status, answer);
        var run = await CommandRun.OfAsync(["cache", "top", .. options, "--url", server.Url, "--token-file", folder.In("token")]);
        return (run, server.Path);
    }
}
