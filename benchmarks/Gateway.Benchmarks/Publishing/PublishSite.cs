using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Publishing;

/// <summary>A site with some APIs, one of which is changed again and again.</summary>
internal sealed class PublishSite : IAsyncDisposable
{
    // As many changes as make the runtime compile what they run for the last time; before, its background work costs more than they do.
    private const int WarmChanges = 6000;
    private const int WarmWindow = 150;
    private const int MostWarmWindows = 60;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Site _site;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private readonly Uri _url;
    private int _version;

    private PublishSite(Site site, int apis)
    {
        (_site, Apis) = (site, apis);
        _url = new Uri(site.Edges[1].Address, $"/api-{apis / 2}/op-0");
    }

    /// <summary>What some changes took: CPU per change, and each one's time until it was served.</summary>
    public sealed record Window(double SiloMs, double EdgesMs, IReadOnlyList<double> TimesMs);

    public int Apis { get; }

    public static async Task<PublishSite> StartAsync(int apis, CancellationToken cancellationToken)
    {
        var site = new PublishSite(await Site.StartAsync(edges: 2, edgeCore: null, inlineSockets: false, cancellationToken), apis);
        await site._site.Management.ApplyAsync(Enumerable.Range(0, apis).SelectMany(Api), cancellationToken);
        await site.ServedAsync("v0", cancellationToken);
        return site;
    }

    /// <summary>Changes until two windows in a row agree within 10 %.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        double? last = null;
        for (var windows = 1; windows <= MostWarmWindows; windows++)
        {
            var window = await MeasureAsync(WarmWindow, cancellationToken);
            var cost = window.SiloMs + window.EdgesMs;
            if (windows * WarmWindow >= WarmChanges && last is { } before && Math.Abs((cost / before) - 1) <= 0.1)
            {
                Console.WriteLine($"{Apis} APIs: settled at {cost:F1} ms after {windows * WarmWindow} changes.");
                return;
            }

            last = cost;
        }

        Console.WriteLine($"{Apis} APIs: not settled after {MostWarmWindows * WarmWindow} changes; last window {last:F1} ms.");
    }

    public async Task<Window> MeasureAsync(int changes, CancellationToken cancellationToken)
    {
        var times = new List<double>(changes);
        var (silo, edges) = (_site.Silo.Cpu(), EdgeCpu());
        for (var i = 0; i < changes; i++)
        {
            var value = $"v{++_version}";
            var clock = Stopwatch.StartNew();
            await _site.Management.PutAsync($"/apis/api-{Apis / 2}/policies/policy", Policy(value), cancellationToken);
            await ServedAsync(value, cancellationToken);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return new Window((_site.Silo.Cpu() - silo).TotalMilliseconds / changes, (EdgeCpu() - edges).TotalMilliseconds / changes, times);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _site.DisposeAsync();
    }

    private Task ServedAsync(string value, CancellationToken cancellationToken) =>
        Until.TrueAsync($"the second edge serves {value}", async () => await AnswerAsync(cancellationToken) == value, _patience, cancellationToken, pauseMs: 5);

    private TimeSpan EdgeCpu() => _site.Edges.Aggregate(TimeSpan.Zero, (sum, edge) => sum + edge.Process.Cpu());

    private async Task<string?> AnswerAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, _url), cancellationToken);
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
