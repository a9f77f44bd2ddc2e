using System.Text.Json.Nodes;
using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Limits;

public sealed class LimitsCommandTests
{
    private const string Report = """
        {"value":[
          {"name":"00000000000000010000000000000102","properties":{"kind":"rate-limit-by-key","key":"10.0.0.1","limit":100,"periodSeconds":60,"used":70,"lent":20,"remaining":10,
            "holders":[{"name":"edge-1","life":"a","held":12},{"name":"edge-2","life":"b","held":8}],"holderCount":5,"mode":"fenced","overAdmitBound":0}},
          {"name":"00000000000000000000000000000003","properties":{"kind":"quota","key":null,"limit":1000,"periodSeconds":0,"used":9,"lent":0,"remaining":991,
            "holders":[],"holderCount":0,"mode":"unfenced","overAdmitBound":null}}],
         "count":7,
         "site":{"silos":[{"name":"silo-1","mode":"fenced","partitions":128,"lendingPartitions":127,"counters":7,"strandedTokens":5}],"silentSilos":["silo-2"],
           "edges":[{"name":"edge-1","life":"a","mode":"strict","waiting":2}],"silentEdges":[{"name":null,"life":"b"}],
           "store":{"appendOnly":true,"appendFsync":"everysec","durable":false}}}
        """;

    [Fact]
    public async Task Top_OfASite_IsATableWithWhatHoldsForAll()
    {
        var (run, path) = await RunAsync(Report, "-n", "7");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal("""
            KIND               KEY                               USED  LENT  LEFT  LIMIT  PERIOD  HOLDERS                          MODE      OVER AT MOST
            rate-limit-by-key  10.0.0.1                          70    20    10    100    60 s    edge-1 (12), edge-2 (8), 3 more  fenced    0
            quota              00000000000000000000000000000003  9     0     991   1000   ever    -                                unfenced  unbounded
            2 of 7 counters.
            Silo silo-1: fenced, 127 of its 128 partitions lend, 7 counters, 5 tokens lost with edges.
            Silo silo-2 does not answer: what it holds is not shown.
            Edge edge-1: strict, 2 requests wait.
            Edge b does not answer: it has stopped, or it is cut off and may let calls pass beyond the limits.
            State store: append-only, on disk every second; a power failure loses about a second, of a quota at most a 20th for each.

            """, run.Result);
        Assert.EndsWith("/limits?api-version=2024-05-01&$top=7", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_WithoutCounters_SaysSo()
    {
        var (run, _) = await RunAsync("""{"value":[],"count":0,"site":{"silos":[],"store":{"appendOnly":null,"appendFsync":null,"durable":false}}}""");

        Assert.Equal("""
            No limit counts anything now: no request has met a rate limit or quota within its period.
            State store: it does not tell how it keeps what it acknowledges.

            """, run.Result);
    }

    [Fact]
    public async Task Top_AsJson_IsTheAnswerItself()
    {
        var (run, _) = await RunAsync(Report, "-o", "json");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Report), JsonNode.Parse(run.Result)), run.Result);
    }

    [Fact]
    public async Task Top_WithAKeyThatSteersTerminals_IsHarmless()
    {
        var hostile = new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject { ["name"] = "x", ["properties"] = new JsonObject { ["key"] = $"\u001b[2Jred\n{new string('k', 1000)}", ["mode"] = "fenced" } }),
            ["count"] = 1,
        };

        var (run, _) = await RunAsync(hostile.ToJsonString());

        Assert.DoesNotContain('\u001b', run.Result);
        Assert.Contains("\uFFFD[2Jred\uFFFDkkk", run.Result, StringComparison.Ordinal);
        Assert.Contains("k…", run.Result, StringComparison.Ordinal);
        Assert.Equal(4, run.Result.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Length);
    }

    [Theory]
    [InlineData("-n", "0")]
    [InlineData("-n", "1001")]
    [InlineData("-n", "many")]
    [InlineData("-o", "xml")]
    public async Task Top_WithBadOptions_IsRefused(params string[] options) =>
        Assert.Equal(ExitCodes.Setting, (await RunAsync(Report, options)).Run.Code);

    [Fact]
    public async Task Top_OfASiloThatKnowsNoLimits_IsRefused()
    {
        var (run, _) = await RunAsync("""{"error":{"code":"ResourceNotFound","message":"no"}}""", 404);

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("does not show limits", run.Messages, StringComparison.Ordinal);
    }

    private static Task<(CommandRun Run, string? Path)> RunAsync(string answer, params string[] options) => RunAsync(answer, 200, options);

    private static async Task<(CommandRun Run, string? Path)> RunAsync(string answer, int status, params string[] options)
    {
        using var folder = new TemporaryFolder().With("token", "t");
        await using var server = await FakeManagement.StartAsync(status, answer);
        var run = await CommandRun.OfAsync(["limits", "top", .. options, "--url", server.Url, "--token-file", folder.In("token")]);
        return (run, server.Path);
    }
}
