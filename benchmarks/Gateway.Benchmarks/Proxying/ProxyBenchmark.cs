using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Proxying;

/// <summary>
/// CPU per request of an edge beside bare YARP, access log on: in its full chain (subscription key, <c>rate-limit</c>, two <c>set-header</c>, one of them with an expression) or in the first
/// one (subscription key and two <c>set-header</c>). Bare YARP runs with the runtime's defaults, or with the edge's setting by which idle workers do not spin.
/// </summary>
internal static class ProxyBenchmark
{
    /// <summary>The subscriber's key.</summary>
    public const string Key = "benchmark-key-0123456789abcdef";
    /// <summary>What the first chain does before the backend is asked.</summary>
    public const string FirstChain = """<set-header name="x-site" exists-action="override"><value>site</value></set-header>""";
    private const string FullChain = """
        <rate-limit calls="100000000" renewal-period="60" />
        <set-header name="x-site" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("Accept", "none"))</value></set-header>
        """;

    private static readonly Dictionary<string, string> _runtime = new() { ["DOTNET_TC_CallCountingDelayMs"] = "0" };
    private static readonly Dictionary<string, string> _runtimeOfEdges = new(_runtime) { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

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

        await PairedRounds.RunAsync(bare, edge, cancellationToken);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An API with a policy, and its subscriber.</summary>
    public static IEnumerable<(string Id, JsonObject Properties)> Resources(string backend, string inbound, string outbound = "") =>
    [
        .. Api("bench", backend, inbound, outbound),
        ("/subscriptions/bench", new JsonObject
        {
            ["displayName"] = "bench",
            ["scope"] = "/apis",
            ["state"] = "active",
            ["primaryKey"] = Key,
            ["secondaryKey"] = Key + "-2",
        }),
    ];

    /// <summary>An API with a policy, under a path of its own.</summary>
    public static IEnumerable<(string Id, JsonObject Properties)> Api(string id, string backend, string inbound, string outbound = "") =>
    [
        ($"/apis/{id}", new JsonObject
        {
            ["displayName"] = id,
            ["path"] = id,
            ["protocols"] = new JsonArray("http", "https"),
            ["serviceUrl"] = backend,
            ["subscriptionRequired"] = true,
        }),
        ($"/apis/{id}/operations/get", new JsonObject { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/*" }),
        ($"/apis/{id}/policies/policy", new JsonObject
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
    ];
}
