using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Publishing;

/// <summary>
/// A change of one API among few and among many: time from the PUT until the second edge serves it, and what it cost the silo and the
/// edges in CPU. Cost must follow the change, not the catalog.
/// </summary>
internal static class PublishBenchmark
{
    private const int Warm = 150;
    private const int Changes = 300;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private sealed record Outcome(int Apis, double MedianMs, double WorstMs, double SiloMs, double EdgesMs);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var apis in (int[])[10, 1000])
        {
            var outcome = await MeasureAsync(apis, cancellationToken);
            Console.WriteLine(
                $"{outcome.Apis,5} APIs: PUT to second edge p50 {outcome.MedianMs:F0} ms, worst of {Changes} {outcome.WorstMs:F0} ms; CPU per change: silo {outcome.SiloMs:F1} ms, two edges {outcome.EdgesMs:F1} ms");
        }
    }

    private static async Task<Outcome> MeasureAsync(int apis, CancellationToken cancellationToken)
    {
        await using var site = await Site.StartAsync(edges: 2, edgeCore: null, cancellationToken);
        await site.Management.ApplyAsync(Enumerable.Range(0, apis).SelectMany(Api), cancellationToken);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var url = new Uri(site.Edges[1].Address, $"/api-{apis / 2}/op-0");
        await Until.TrueAsync("the second edge serves", async () => await AnswerAsync(http, url, cancellationToken) == "v0", _patience, cancellationToken);

        var times = new List<double>();
        var (silo, edges) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 1; i <= Warm + Changes; i++)
        {
            if (i == Warm + 1)
            {
                (silo, edges) = (site.Silo.Cpu(), EdgeCpu(site));
            }

            var value = $"v{i}";
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await site.Management.PutAsync($"/apis/api-{apis / 2}/policies/policy", Policy(value), cancellationToken);
            await Until.TrueAsync(value, async () => await AnswerAsync(http, url, cancellationToken) == value, _patience, cancellationToken, pauseMs: 5);
            if (i > Warm)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        var sorted = times.Order().ToList();
        return new Outcome(
            apis, sorted[sorted.Count / 2], sorted[^1],
            (site.Silo.Cpu() - silo).TotalMilliseconds / Changes, (EdgeCpu(site) - edges).TotalMilliseconds / Changes);
    }

    private static TimeSpan EdgeCpu(Site site) => site.Edges.Aggregate(TimeSpan.Zero, (sum, edge) => sum + edge.Process.Cpu());

    private static async Task<string?> AnswerAsync(HttpMessageInvoker http, Uri url, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);
        return response.Headers.TryGetValues("x-value", out var values) ? values.Single() : null;
    }

    private static IEnumerable<(string Id, JsonObject Properties)> Api(int number)
    {
        var id = $"/apis/api-{number}";
        yield return (id, new JsonObject
        {
            ["displayName"] = $"api {number}",
            ["path"] = $"api-{number}",
            ["protocols"] = new JsonArray("http"),
            ["serviceUrl"] = "http://127.0.0.1:9",
            ["subscriptionRequired"] = false,
        });
        for (var i = 0; i < 5; i++)
        {
            yield return ($"{id}/operations/op-{i}", new JsonObject { ["displayName"] = $"op {i}", ["method"] = "GET", ["urlTemplate"] = $"/op-{i}" });
        }

        yield return ($"{id}/policies/policy", Policy("v0"));
    }

    private static JsonObject Policy(string value) => new()
    {
        ["format"] = "xml",
        ["value"] = $"""
            <policies>
              <inbound>
                <base />
                <return-response>
                  <set-status code="200" reason="OK" />
                  <set-header name="x-value" exists-action="override"><value>{value}</value></set-header>
                </return-response>
              </inbound>
              <backend><base /></backend>
              <outbound><base /></outbound>
              <on-error><base /></on-error>
            </policies>
            """,
    };
}
