using System.Globalization;
using Gateway.Benchmarks.Processes;

namespace Gateway.Benchmarks.Sites;

/// <summary>A site as in production, on one machine: redis-server, a silo and edges as processes of their own.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Token = "benchmark";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
    private readonly List<Child> _children = [];
    private readonly List<Edge> _edges = [];
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    private Site()
    {
    }

    /// <summary>One edge.</summary>
    public sealed record Edge(Child Process, Uri Address, Uri Metrics);

    public IReadOnlyList<Edge> Edges => _edges;

    public Child Silo { get; private set; } = null!;

    public Child Redis { get; private set; } = null!;

    public string RedisAddress { get; private set; } = string.Empty;

    public int SiloGatewayPort { get; private set; }

    public ManagementClient Management { get; private set; } = null!;

    /// <summary>Starts all and returns when the edges are ready. Edges may be pinned to a core, everything else then to the other.</summary>
    public static async Task<Site> StartAsync(int edges, int? edgeCore, bool inlineSockets, CancellationToken cancellationToken)
    {
        var site = new Site();
        try
        {
            await site.StartProcessesAsync(edges, edgeCore, inlineSockets, cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in Enumerable.Reverse(_children))
        {
            await child.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessesAsync(int edges, int? edgeCore, bool inlineSockets, CancellationToken cancellationToken)
    {
        int? otherCore = edgeCore is null ? null : 1 - edgeCore;
        var ports = Ports.Free(6);
        var (redis, silo, siloGateway, http, https, diagnostics) = (ports[0], ports[1], ports[2], ports[3], ports[4], ports[5]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "site.key"), Convert.ToBase64String(new byte[32]), cancellationToken);

        (RedisAddress, SiloGatewayPort) = ($"127.0.0.1:{redis}", siloGateway);
        Redis = Child.Start(
            otherCore, Log("redis"), new Dictionary<string, string>(),
            "redis-server", "--port", $"{redis}", "--bind", "127.0.0.1", "--dir", _folder, "--appendonly", "yes", "--save", string.Empty);
        _children.Add(Redis);
        Silo = Start("silo", Programs.Silo, otherCore, new()
        {
            ["Gateway__Redis__ConnectionString"] = $"127.0.0.1:{redis}",
            ["Gateway__Silo__SiloPort"] = Text(silo),
            ["Gateway__Silo__GatewayPort"] = Text(siloGateway),
            ["Gateway__Silo__Address"] = "127.0.0.1",
            ["Gateway__Management__HttpPort"] = Text(http),
            ["Gateway__Management__HttpsPort"] = Text(https),
            ["Gateway__Management__HttpsBindAddress"] = "127.0.0.1",
            ["Gateway__Management__AdminToken"] = Token,
            ["Gateway__Diagnostics__Port"] = Text(diagnostics),
        });
        await ReadyAsync(Silo, diagnostics, cancellationToken);
        Management = new ManagementClient(_http, new Uri($"http://127.0.0.1:{http}"), Token);

        for (var i = 0; i < edges; i++)
        {
            _edges.Add(await AddEdgeAsync($"edge-{i}", cancellationToken, edgeCore, inlineSockets));
        }
    }

    /// <summary>Waits until an edge has written its backup.</summary>
    public Task BackedUpAsync(string name, CancellationToken cancellationToken) =>
        Until.TrueAsync($"{name} has a backup", () => Task.FromResult(File.Exists(Path.Combine(_folder, name, "backup", "manifest"))), _patience, cancellationToken, pauseMs: 20);

    /// <summary>Ends the silo.</summary>
    public async Task StopSiloAsync()
    {
        _children.Remove(Silo);
        await Silo.DisposeAsync();
    }

    /// <summary>Ends an edge, and leaves its data folder.</summary>
    public async Task StopEdgeAsync(string name)
    {
        var child = _children.Single(child => child.Output == Log(name));
        _children.Remove(child);
        await child.DisposeAsync();
    }

    /// <summary>Starts an edge, on the data folder that one of its name has left, and returns when it is ready.</summary>
    public async Task<Edge> AddEdgeAsync(string name, CancellationToken cancellationToken, int? edgeCore = null, bool inlineSockets = false, IReadOnlyDictionary<string, string>? more = null)
    {
        var ports = Ports.Free(3);
        var edge = Start(name, Programs.Edge, edgeCore, new(more ?? new Dictionary<string, string>())
        {
            ["DOTNET_TC_CallCountingDelayMs"] = "0",
            ["Gateway__Edge__Silos"] = $"127.0.0.1:{SiloGatewayPort}",
            ["Gateway__Edge__HttpPort"] = Text(ports[0]),
            ["Gateway__Edge__HttpsPort"] = Text(ports[1]),
            ["Gateway__Edge__BindAddress"] = "127.0.0.1",
            ["Gateway__Edge__InlineSockets"] = inlineSockets ? "true" : "false",
            ["Gateway__Diagnostics__Port"] = Text(ports[2]),
        });
        await ReadyAsync(edge, ports[2], cancellationToken);
        return new Edge(edge, new Uri($"http://127.0.0.1:{ports[0]}"), new Uri($"http://127.0.0.1:{ports[2]}/metrics"));
    }

    private Child Start(string name, string program, int? core, Dictionary<string, string> settings)
    {
        settings["Gateway__NodeName"] = name;
        settings["Gateway__Data__Path"] = Path.Combine(_folder, name);
        settings["Gateway__Secrets__KeyFile"] = Path.Combine(_folder, "site.key");
        settings["Gateway__Diagnostics__BindAddress"] = "127.0.0.1";
        var child = Child.Start(core, Log(name), settings, "dotnet", program);
        _children.Add(child);
        return child;
    }

    private async Task ReadyAsync(Child child, int diagnostics, CancellationToken cancellationToken)
    {
        var ready = new Uri($"http://127.0.0.1:{diagnostics}/readyz");
        try
        {
            await Until.TrueAsync("ready", () => IsReadyAsync(child, ready, cancellationToken), _patience, cancellationToken);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"A process did not start:\n{await File.ReadAllTextAsync(child.Output, cancellationToken)}", exception);
        }
    }

    private async Task<bool> IsReadyAsync(Child child, Uri ready, CancellationToken cancellationToken)
    {
        if (child.HasExited)
        {
            throw new InvalidOperationException("It ended.");
        }

        using var response = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, ready), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private string Log(string name) => Path.Combine(_folder, name + ".log");

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
