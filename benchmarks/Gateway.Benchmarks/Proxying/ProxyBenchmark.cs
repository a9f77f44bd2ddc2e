using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Proxying;

/// <summary>
/// CPU per request of an edge beside bare YARP, access log on: in its full chain (subscription key, <c>rate-limit</c>, two <c>set-header</c>, one of them with an expression) or in the first
/// one (subscription key and two <c>set-header</c>). Bare YARP runs with the runtime's defaults, or with the edge's setting by which idle workers do not spin. Rounds go A,B / B,A; what
/// counts is the ratio inside a round, because neighbours move both.
/// </summary>
internal static class ProxyBenchmark
{
    private const int Rounds = 15;
    private const int MostRounds = 30;
    private const double MostAlien = 0.25;
    private const string Key = "benchmark-key-0123456789abcdef";
    private const string FirstChain = """<set-header name="x-site" exists-action="override"><value>site</value></set-header>""";
    private const string FullChain = """
        <rate-limit calls="100000000" renewal-period="60" />
        <set-header name="x-site" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("Accept", "none"))</value></set-header>
        """;

    private static readonly Dictionary<string, string> _runtime = new() { ["DOTNET_TC_CallCountingDelayMs"] = "0" };
    private static readonly Dictionary<string, string> _runtimeOfEdges = new(_runtime) { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(4);

    private sealed record Round(Contender.Window Bare, Contender.Window Edge)
    {
        public double Ratio => Edge.MicrosecondsPerRequest / Bare.MicrosecondsPerRequest;
    }

    public static async Task RunAsync(bool fullChain, bool inlineSockets, bool bareSpins, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
        var ports = Ports.Free(2);
        var backend = $"http://127.0.0.1:{ports[0]}";
        await using var nginx = Backend.Start(ports[0], core: 1, folder);
        await using var bareProcess = Child.Start(
            core: 0, Path.Combine(folder, "bare.log"), bareSpins ? _runtime : _runtimeOfEdges,
            "dotnet", Programs.Benchmarks, "bare-proxy", ports[1].ToString(CultureInfo.InvariantCulture), backend);
        await using var site = await Site.StartAsync(edges: 1, edgeCore: 0, inlineSockets, cancellationToken);
        await site.Management.ApplyAsync(Resources(backend, fullChain ? FullChain : FirstChain), cancellationToken);

        var bare = new Contender("bare YARP", bareProcess, new Uri($"http://127.0.0.1:{ports[1]}/bench/x"), Key);
        var edge = new Contender("edge", site.Edges[0].Process, new Uri(site.Edges[0].Address, "/bench/x"), Key);
        await edge.ServesAsync(_patience, cancellationToken);
        await bare.ServesAsync(_patience, cancellationToken);

        await bare.WarmUpAsync(cancellationToken);
        await edge.WarmUpAsync(cancellationToken);
        await bare.WarmUpAsync(cancellationToken);
        await edge.WarmUpAsync(cancellationToken);
        Report(await MeasureAsync(bare, edge, cancellationToken));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<List<Round>> MeasureAsync(Contender bare, Contender edge, CancellationToken cancellationToken)
    {
        var rounds = new List<Round>();
        for (var i = 0; i < MostRounds && rounds.Count < Rounds; i++)
        {
            var first = await (i % 2 == 0 ? bare : edge).MeasureAsync(_window, cancellationToken);
            var second = await (i % 2 == 0 ? edge : bare).MeasureAsync(_window, cancellationToken);
            var round = i % 2 == 0 ? new Round(first, second) : new Round(second, first);
            var quiet = Math.Max(first.Alien, second.Alien) <= MostAlien;
            Console.WriteLine($"round {i + 1}: bare {Text(round.Bare)} | edge {Text(round.Edge)} | ratio {round.Ratio:F2}{(quiet ? string.Empty : " (dropped: noise)")}");
            if (quiet)
            {
                rounds.Add(round);
            }
        }

        return rounds;
    }

    private static void Report(List<Round> rounds)
    {
        if (rounds.Count == 0)
        {
            Console.WriteLine("No quiet round: the machine is too busy to measure.");
            return;
        }

        var ratios = rounds.Select(round => round.Ratio).Order().ToList();
        Console.WriteLine($"rounds {rounds.Count}");
        Console.WriteLine($"bare YARP {Median(rounds.Select(round => round.Bare.MicrosecondsPerRequest)):F1} us/request");
        Console.WriteLine($"edge      {Median(rounds.Select(round => round.Edge.MicrosecondsPerRequest)):F1} us/request");
        Console.WriteLine($"ratio     {Median(ratios):F3} (min {ratios[0]:F3}, max {ratios[^1]:F3})");
    }

    private static string Text(Contender.Window window) =>
        $"{window.MicrosecondsPerRequest:F1} us, {window.Load.PerSecond:F0}/s, p50 {window.Load.P50}, p99 {window.Load.P99}, alien {window.Alien:P0}";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>An API with a policy, and its subscriber.</summary>
    public static IEnumerable<(string Id, JsonObject Properties)> Resources(string backend, string inbound, string outbound = "") =>
    [
        ("/apis/bench", new JsonObject
        {
            ["displayName"] = "bench",
            ["path"] = "bench",
            ["protocols"] = new JsonArray("http", "https"),
            ["serviceUrl"] = backend,
            ["subscriptionRequired"] = true,
        }),
        ("/apis/bench/operations/get", new JsonObject { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/*" }),
        ("/apis/bench/policies/policy", new JsonObject
        {
            ["format"] = "xml",
            ["value"] = $"""
                <policies>
                  <inbound><base />{inbound}</inbound>
                  <backend><base /></backend>
                  <outbound><base />{outbound}<set-header name="x-served-by" exists-action="override"><value>gateway</value></set-header></outbound>
                  <on-error><base /></on-error>
                </policies>
                """,
        }),
        ("/subscriptions/bench", new JsonObject
        {
            ["displayName"] = "bench",
            ["scope"] = "/apis",
            ["state"] = "active",
            ["primaryKey"] = Key,
            ["secondaryKey"] = Key + "-2",
        }),
    ];
}
