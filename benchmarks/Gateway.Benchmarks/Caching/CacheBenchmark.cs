using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Proxying;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Caching;

/// <summary>
/// CPU per cached answer of 1 KB, in one run: an edge that has it in memory, an edge that finds it in its store, nginx's <c>proxy_cache</c>, and a server that asks Redis for each request; beside bare YARP, which
/// proxies. Edges answer in the first chain (subscription key, two <c>set-header</c>), nginx with its access log. Of the edges also the bytes that a hit allocates. What counts is the ratio to bare YARP inside a round.
/// </summary>
internal static class CacheBenchmark
{
    // More than fit into one MB, so that nearly all of them are found in the store.
    private const int StoredResponses = 5000;
    private const double MostAlien = 0.25;
    private const string Key = "benchmark-key-0123456789abcdef";

    private static readonly Dictionary<string, string> _runtime = new() { ["DOTNET_TC_CallCountingDelayMs"] = "0" };
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
        var ports = Ports.Free(4);
        var backend = $"http://127.0.0.1:{ports[0]}";
        await using var origin = Backend.Start(ports[0], core: 1, folder);
        await using var site = await Site.StartAsync(edges: 0, edgeCore: 0, inlineSockets: false, cancellationToken);
        await site.Management.ApplyAsync(Resources(backend), cancellationToken);
        await using var bare = Child.Start(core: 0, Path.Combine(folder, "bare.log"), _runtime, "dotnet", Programs.Benchmarks, "bare-proxy", Text(ports[1]), backend);
        await using var nginx = NginxCache.Start(ports[2], backend, core: 0, folder);
        await using var redis = Child.Start(core: 0, Path.Combine(folder, "redis-hit.log"), _runtime, "dotnet", Programs.Benchmarks, "redis-hit", Text(ports[3]), site.RedisAddress);
        var memory = await AddEdgeAsync(site, "edge-memory", 64, cancellationToken);
        var store = await AddEdgeAsync(site, "edge-store", 1, cancellationToken);
        var script = Path.Combine(folder, "paths.lua");
        await File.WriteAllTextAsync(script, $$"""
            local n = 0
            request = function()
              n = (n + 1) % {{StoredResponses}}
              return wrk.format("GET", "/bench/" .. n)
            end
            """, cancellationToken);

        var (edgeMemory, edgeStore) = (new Contender("hit in memory", memory.Process, new Uri(memory.Address, "/bench/x"), Key), new Contender("hit in the store", store.Process, new Uri(store.Address, "/bench/0"), Key) { Script = script });
        Contender[] contenders =
        [
            new("bare YARP", bare, new Uri($"http://127.0.0.1:{ports[1]}/bench/x"), Key),
            edgeMemory,
            edgeStore,
            new("nginx hit", nginx, new Uri($"http://127.0.0.1:{ports[2]}/bench/x"), Key),
            new("Redis per hit", redis, new Uri($"http://127.0.0.1:{ports[3]}/bench/x"), Key),
        ];
        // Twice: what the first time made the runtime compile anew is compiled while the others are loaded.
        foreach (var contender in (Contender[])[.. contenders, .. contenders])
        {
            await contender.ServesAsync(_patience, cancellationToken);
            await contender.WarmUpAsync(cancellationToken);
        }

        await ReportAsync(contenders, rounds, new() { [edgeMemory] = memory, [edgeStore] = store }, cancellationToken);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task ReportAsync(Contender[] contenders, int rounds, Dictionary<Contender, Site.Edge> edges, CancellationToken cancellationToken)
    {
        var figures = contenders.ToDictionary(contender => contender, _ => new List<(double Cpu, double Ratio, double Bytes)>());
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        for (var i = 0; i < rounds; i++)
        {
            var windows = new Dictionary<Contender, (Contender.Window Window, double Bytes)>();
            foreach (var contender in i % 2 == 0 ? contenders : contenders.AsEnumerable().Reverse())
            {
                var before = await AllocatedAsync(http, edges.GetValueOrDefault(contender), cancellationToken);
                var window = await contender.MeasureAsync(_window, cancellationToken);
                windows[contender] = (window, (await AllocatedAsync(http, edges.GetValueOrDefault(contender), cancellationToken) - before) / window.Load.Requests);
            }

            var isQuiet = windows.Values.All(window => window.Window.Alien <= MostAlien);
            Console.WriteLine($"round {i + 1}: {string.Join(" | ", contenders.Select(contender => $"{contender.Name} {windows[contender].Window.MicrosecondsPerRequest:F1} us"))}{(isQuiet ? "" : " (dropped: noise)")}");
            foreach (var contender in isQuiet ? contenders : [])
            {
                figures[contender].Add((
                    windows[contender].Window.MicrosecondsPerRequest, windows[contender].Window.MicrosecondsPerRequest / windows[contenders[0]].Window.MicrosecondsPerRequest, windows[contender].Bytes));
            }
        }

        foreach (var (contender, edge) in edges)
        {
            var lookups = await LookupsAsync(http, edge, cancellationToken);
            Console.WriteLine($"{contender.Name}: {string.Join(", ", lookups.Select(lookup => $"{lookup.Value:F0} {lookup.Key}"))}");
        }

        if (figures[contenders[0]].Count == 0)
        {
            Console.WriteLine("No quiet round: the machine is too busy to measure.");
            return;
        }

        foreach (var (contender, seen) in figures)
        {
            var bytes = edges.ContainsKey(contender) ? $", {Median(seen.Select(figure => figure.Bytes)):F0} bytes allocated" : "";
            Console.WriteLine($"{contender.Name,-16} {Median(seen.Select(figure => figure.Cpu)),6:F1} us/request, {Median(seen.Select(figure => figure.Ratio)):F2} x bare YARP{bytes}");
        }
    }

    private static Task<Site.Edge> AddEdgeAsync(Site site, string name, int megabytes, CancellationToken cancellationToken) => site.AddEdgeAsync(
        name,
        cancellationToken,
        edgeCore: 0,
        more: new Dictionary<string, string> { ["Gateway__Cache__ConnectionString"] = site.RedisAddress, ["Gateway__Cache__MemoryMegabytes"] = Text(megabytes) });

    /// <summary>What an edge has allocated so far, in bytes; 0 for what is no edge.</summary>
    private static async Task<double> AllocatedAsync(HttpMessageInvoker http, Site.Edge? edge, CancellationToken cancellationToken) =>
        edge is null ? 0 : (await SamplesAsync(http, edge, "dotnet_gc_heap_total_allocated_bytes_total", cancellationToken)).Sum(sample => sample.Value);

    /// <summary>What came of the look-ups of an edge.</summary>
    private static async Task<Dictionary<string, double>> LookupsAsync(HttpMessageInvoker http, Site.Edge edge, CancellationToken cancellationToken) =>
        (await SamplesAsync(http, edge, "gateway_cache_lookups_total", cancellationToken))
            .GroupBy(sample => sample.Labels.Split("result=\"")[1].Split('"')[0], sample => sample.Value)
            .ToDictionary(group => group.Key, group => group.Sum());

    private static async Task<(string Labels, double Value)[]> SamplesAsync(HttpMessageInvoker http, Site.Edge edge, string name, CancellationToken cancellationToken)
    {
        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, edge.Metrics), cancellationToken);
        var lines = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{').ToArray();
        return lines.Length == 0
            ? throw new InvalidOperationException($"The edge does not say {name}.")
            : [.. lines.Select(line => (line, Value(line[Math.Max(name.Length, line.LastIndexOf('}') + 1)..])))];
    }

    private static double Value(string text) => double.Parse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(string Id, JsonObject Properties)> Resources(string backend) => ProxyBenchmark.Resources(
        backend,
        """<set-header name="x-site" exists-action="override"><value>site</value></set-header><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />""",
        """<cache-store duration="36000" />""");
}
