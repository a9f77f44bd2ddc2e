using System.Diagnostics;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Scale;

/// <summary>A site with a catalog of some size, two real edges and many simulated feeds.</summary>
internal sealed class ScaleSite : IAsyncDisposable
{
    private const int ChangesPerSet = 10_000;
    private const int Feeds = 50;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private readonly SimulatedFeeds _feeds;
    private int _value;

    private ScaleSite(Site site, SimulatedFeeds feeds, int apis) => (Site, _feeds, Apis) = (site, feeds, apis);

    public int Apis { get; }

    public Site Site { get; }

    public static async Task<ScaleSite> StartAsync(int apis, int subscriptions, CancellationToken cancellationToken)
    {
        var started = await Site.StartAsync(edges: 2, edgeCore: null, inlineSockets: false, cancellationToken);
        var site = new ScaleSite(started, await SimulatedFeeds.StartAsync(started, Feeds, cancellationToken), apis);
        var clock = Stopwatch.StartNew();
        foreach (var part in ScaleCatalog.Resources(apis, subscriptions).Chunk(ChangesPerSet))
        {
            await started.Management.ApplyAsync(part, cancellationToken);
        }

        var written = clock.Elapsed;
        var last = (apis - 1) / 2 * 2;
        await site.ServedAsync(last, $"v{last % ScaleCatalog.Documents}", cancellationToken);
        Console.WriteLine($"{apis} APIs: written in {written.TotalSeconds:F1} s, served by both edges after {clock.Elapsed.TotalSeconds:F1} s");
        return site;
    }

    /// <summary>What some changes of one API took: until both edges serve it and all feeds run it, from the PUT's answer; and CPU per change.</summary>
    public async Task<(List<double> TimesMs, double SiloMs, double EdgesMs)> ChangeAsync(int changes, CancellationToken cancellationToken)
    {
        var times = new List<double>(changes);
        var (silo, edges) = (Site.Silo.Cpu(), EdgeCpu());
        for (var i = 0; i < changes; i++)
        {
            var (value, before) = ($"changed-{++_value}", _feeds.Slowest);
            await Site.Management.PutAsync("/apis/api-4/policies/policy", ScaleCatalog.Policy(4, value), cancellationToken);
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(ServedAsync(4, value, cancellationToken), _feeds.PastAsync(before, cancellationToken));
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return (times, (Site.Silo.Cpu() - silo).TotalMilliseconds / changes, (EdgeCpu() - edges).TotalMilliseconds / changes);
    }

    /// <summary>An operation of an edge that no change here touches.</summary>
    public Uri CalledUrl => Url(Site.Edges[0], 2);

    /// <summary>Waits until an edge serves what an API was given last, whoever it is.</summary>
    public Task ServedAsync(Site.Edge edge, int api, string value, CancellationToken cancellationToken) =>
        Until.TrueAsync($"{edge.Address} serves {value}", async () => await AnswerAsync(Url(edge, api), cancellationToken) == value, _patience, cancellationToken);

    /// <summary>What the changed API was given last.</summary>
    public string Value => $"changed-{_value}";

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        await Site.DisposeAsync();
        _http.Dispose();
    }

    private Task ServedAsync(int api, string value, CancellationToken cancellationToken) =>
        Task.WhenAll(Site.Edges.Select(edge => ServedAsync(edge, api, value, cancellationToken)));

    private TimeSpan EdgeCpu() => Site.Edges.Aggregate(TimeSpan.Zero, (sum, edge) => sum + edge.Process.Cpu());

    // APIs with even numbers need no key.
    private static Uri Url(Site.Edge edge, int api) => new(edge.Address, $"/team-{api / 2 * 2 % 50}/api-{api / 2 * 2}/op-0");

    private async Task<string?> AnswerAsync(Uri url, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);
        return response.Headers.TryGetValues("x-value", out var values) ? values.Single() : null;
    }
}
