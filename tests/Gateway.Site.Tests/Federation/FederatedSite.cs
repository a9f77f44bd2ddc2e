using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Secrets;
using Gateway.Site.Tests.Processes;
using Gateway.Site.Tests.Sites;

namespace Gateway.Site.Tests.Federation;

/// <summary>A hub (a silo and its Redis) and a site (a silo, two edges and their Redis), each a process, with a proxy between them that can be cut off.</summary>
public sealed class FederatedSite : IAsyncLifetime
{
    private const string AdminToken = "federation-test-token";
    private const string Gateway = "berlin";

    private readonly TemporaryFolder _folder = new();
    private readonly Node _hub = new("hub", FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
    private readonly Node _silo = new("silo", FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
    private readonly int[] _edgePorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _edgeDiagnostics = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _redisPorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int _linePort = FreePorts.Next();
    private readonly Dictionary<string, ChildProcess> _processes = [];
    private readonly HttpClient _client = Http.Client();
    private TestBackend? _backend;
    private Wire? _line;

    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    internal HttpClient Client => _client;

    /// <summary>The line between site and hub.</summary>
    internal Wire Line => _line!;

    public string UrlOf(int edge, string api) => $"http://127.0.0.1:{Text(_edgePorts[edge])}/{api}/hello";

    public async Task InitializeAsync()
    {
        if (!OnPath.Has("redis-server"))
        {
            return;
        }

        _backend = await TestBackend.StartAsync(FreePorts.Next());
        StartRedis("hub-redis", _redisPorts[0]);
        StartRedis("site-redis", _redisPorts[1]);
        var (hubKey, siteKey) = (SiteKey.Generate(), SiteKey.Generate());
        _folder.Write("hub.key", hubKey.Export());
        _folder.Write("silo.key", siteKey.Export());
        _folder.Write("edge.key", siteKey.Publication.Export());
        _line = new Wire(_linePort, _hub.HttpsPort);
        StartHub();
        await ReadyAsync("hub");

        Assert.Equal(201, (await HubAsync(HttpMethod.Put, $"/gateways/{Gateway}", new() { ["properties"] = new JsonObject() })).Status);
        await PutApiAsync("always");
        await RenewTokenAsync();
        StartSilo();
        StartEdge(0);
        StartEdge(1);
        await ReadyAsync("silo", "edge-0", "edge-1");
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes.Values.Reverse())
        {
            await process.DisposeAsync();
        }

        if (_line is not null)
        {
            await _line.DisposeAsync();
        }

        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }

        _client.Dispose();
        _folder.Dispose();
    }

    internal Task KillAsync(string name) => _processes[name].KillAsync();

    internal void StartStore() => StartRedis("site-redis", _redisPorts[1]);

    internal void StartHub() => StartSilo(_hub, _redisPorts[0], []);

    internal void StartSilo() => StartSilo(_silo, _redisPorts[1], new()
    {
        ["Gateway__Upstream__Endpoint"] = $"https://127.0.0.1:{Text(_hub.HttpsPort)}",
        ["Gateway__Upstream__Proxy"] = $"http://127.0.0.1:{Text(_linePort)}",
        ["Gateway__Upstream__TokenFile"] = _folder.In("token"),
        ["Gateway__Upstream__CaFile"] = Path.Combine(_folder.In("hub"), "ca.pem"),
        ["Gateway__Upstream__PollPeriod"] = "2s",
        ["Gateway__Nodes__HeartbeatPeriod"] = "2s",
    });

    internal void StartEdge(int index) => _processes[$"edge-{index}"] = Start("Gateway.Edge.dll", $"edge-{index}", _edgeDiagnostics[index], new()
    {
        ["Gateway__ServiceId"] = "silo",
        ["Gateway__Secrets__KeyFile"] = _folder.In("edge.key"),
        ["Gateway__Edge__Silos"] = $"127.0.0.1:{Text(_silo.GatewayPort)}",
        ["Gateway__Edge__BindAddress"] = "127.0.0.1",
        ["Gateway__Edge__HttpPort"] = Text(_edgePorts[index]),
        ["Gateway__Edge__HttpsPort"] = "0",
        ["Gateway__Edge__DrainDelay"] = "0s",
        ["Gateway__Backup__Period"] = "0s",
        ["Gateway__AccessLog"] = "off",
    });

    /// <summary>Starts a site of its own, with an empty store, that has the same token file.</summary>
    internal async Task<(ChildProcess Silo, string Readiness)> StartFreshSiloAsync()
    {
        var (fresh, redisPort) = (new Node("fresh", FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next()), FreePorts.Next());
        StartRedis("fresh-redis", redisPort);
        _folder.Write("fresh.key", SiteKey.Generate().Export());
        StartSilo(fresh, redisPort, new()
        {
            ["Gateway__Upstream__Endpoint"] = $"https://127.0.0.1:{Text(_hub.HttpsPort)}",
            ["Gateway__Upstream__TokenFile"] = _folder.In("token"),
            ["Gateway__Upstream__CaFile"] = Path.Combine(_folder.In("hub"), "ca.pem"),
        });
        var said = "";
        await Poll.UntilAsync(
            async () => (said = await ReadinessAsync(fresh.DiagnosticsPort)).Contains("refuses", StringComparison.Ordinal), Patience, () => $"{said}\n{Report()}");
        return (_processes["fresh"], said);
    }

    /// <summary>Has the hub make a token that is good for an hour.</summary>
    internal async Task RenewTokenAsync()
    {
        var (status, body) = await HubAsync(HttpMethod.Post, $"/gateways/{Gateway}/generateToken", new()
        {
            ["keyType"] = "primary",
            ["expiry"] = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToString("O", CultureInfo.InvariantCulture),
        });
        Assert.Equal(200, status);
        _folder.Write("token", $"{GatewayToken.Scheme} {body!["value"]}\n");
    }

    /// <summary>Puts a token in its place that ended a minute ago.</summary>
    /// <returns>What the hub says of it.</returns>
    internal async Task<string> ExpireTokenAsync()
    {
        var (_, keys) = await HubAsync(HttpMethod.Post, $"/gateways/{Gateway}/listKeys");
        var ended = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        _folder.Write("token", GatewayToken.Issue(Gateway, (string)keys!["primary"]!, ended));
        return string.Create(CultureInfo.InvariantCulture, $"The hub refuses the gateway token: The gateway token ended at {ended:u}");
    }

    /// <summary>Declares an open API on the hub, and gives it to the site.</summary>
    /// <param name="api">The API's id and path.</param>
    /// <param name="inbound">A further policy.</param>
    internal async Task PutApiAsync(string api, string inbound = "")
    {
        JsonObject[] changes =
        [
            Put($"/apis/{api}", new()
            {
                ["displayName"] = api, ["path"] = api, ["protocols"] = new JsonArray("http"), ["serviceUrl"] = $"http://127.0.0.1:{Text(_backend!.Port)}",
                ["subscriptionRequired"] = false,
            }),
            Put($"/apis/{api}/operations/get", new() { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/hello" }),
            Put($"/apis/{api}/policies/policy", new()
            {
                ["format"] = "rawxml",
                ["value"] = $"""<policies><inbound><base />{inbound}<set-variable name="v" value="@(context.Request.Method + "!")" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>""",
            }),
            Put($"/gateways/{Gateway}/apis/{api}", []),
        ];
        var said = "";
        await Poll.UntilAsync(
            async () =>
            {
                var (status, body) = await HubAsync(HttpMethod.Post, "/changes", new() { ["changes"] = new JsonArray([.. changes.Select(change => change.DeepClone())]) });
                said = $"{status}: {body}";
                Assert.True(status is 200 or 503, $"{said}\n{Report()}");
                return status == 200;
            },
            Patience,
            () => $"the hub does not take a change: {said}\n{Report()}");
    }

    /// <summary>Waits until an edge answers for an API.</summary>
    internal Task ServedAsync(int edge, string api) => Poll.UntilAsync(
        async () => await Http.TryAsync(_client, UrlOf(edge, api)) == "200", Patience, () => $"edge {edge} does not serve {api}\n" + Report());

    /// <summary>What the site's silo says of its readiness.</summary>
    internal Task<string> SiloReadinessAsync() => ReadinessAsync(_silo.DiagnosticsPort);

    /// <summary>Waits until nodes are ready.</summary>
    internal async Task ReadyAsync(params string[] names)
    {
        foreach (var name in names)
        {
            var port = name == "hub" ? _hub.DiagnosticsPort : name == "silo" ? _silo.DiagnosticsPort : _edgeDiagnostics[int.Parse(name[^1..], CultureInfo.InvariantCulture)];
            var said = "";
            await Poll.UntilAsync(async () => (said = await ReadinessAsync(port)).StartsWith("200", StringComparison.Ordinal), Patience, () => $"{name} is not ready: {said}\n{Report()}");
        }
    }

    internal Task<(int Status, JsonNode? Body)> HubAsync(HttpMethod method, string path, JsonObject? body = null) => ManageAsync(_hub, method, path, body);

    internal Task<(int Status, JsonNode? Body)> SiteAsync(HttpMethod method, string path, JsonObject? body = null) => ManageAsync(_silo, method, path, body);

    /// <summary>The site's nodes as the hub lists them: name, state and remarks.</summary>
    internal async Task<string[]> NodesOnHubAsync()
    {
        var (status, body) = await HubAsync(HttpMethod.Get, $"/gateways/{Gateway}/nodes");
        return status == 200
            ? [.. body!["value"]!.AsArray().Select(node => $"{node!["properties"]!["role"]} {node["name"]} {node["properties"]!["state"]}").Order()]
            : [$"{status}"];
    }

    /// <summary>What every process said last.</summary>
    internal string Report() => string.Join('\n', _processes.Select(process => $"--- {process.Key}{(process.Value.HasExited ? " (ended)" : "")}\n{process.Value.Errors}"));

    private async Task<(int Status, JsonNode? Body)> ManageAsync(Node node, HttpMethod method, string path, JsonObject? body)
    {
        try
        {
            return await Http.ManageAsync(_client, $"http://127.0.0.1:{Text(node.HttpPort)}", AdminToken, method, path, body);
        }
        catch (Exception late) when (late is TaskCanceledException or HttpRequestException)
        {
            return (503, late.Message);
        }
    }

    private async Task<string> ReadinessAsync(int port)
    {
        try
        {
            using var response = await _client.GetAsync($"http://127.0.0.1:{Text(port)}/readyz");
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return away.Message;
        }
    }

    private void StartRedis(string name, int port)
    {
        Directory.CreateDirectory(_folder.In(name));
        _processes[name] = ChildProcess.Start("redis-server", ["--port", Text(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", _folder.In(name)]);
    }

    private void StartSilo(Node node, int redisPort, Dictionary<string, string> settings)
    {
        settings["Gateway__ServiceId"] = node.Name;
        settings["Gateway__Redis__ConnectionString"] = $"127.0.0.1:{Text(redisPort)}";
        settings["Gateway__Secrets__KeyFile"] = _folder.In($"{node.Name}.key");
        settings["Gateway__Silo__Address"] = "127.0.0.1";
        settings["Gateway__Silo__SiloPort"] = Text(node.SiloPort);
        settings["Gateway__Silo__GatewayPort"] = Text(node.GatewayPort);
        settings["Gateway__Management__HttpPort"] = Text(node.HttpPort);
        settings["Gateway__Management__HttpsPort"] = Text(node.HttpsPort);
        settings["Gateway__Management__HttpsBindAddress"] = "127.0.0.1";
        settings["Gateway__Management__AdminToken"] = AdminToken;
        _processes[node.Name] = Start("Gateway.Silo.dll", node.Name, node.DiagnosticsPort, settings);
    }

    private ChildProcess Start(string program, string name, int diagnosticsPort, Dictionary<string, string> settings)
    {
        settings["Gateway__NodeName"] = name;
        settings["Gateway__Data__Path"] = _folder.In(name);
        settings["Gateway__Diagnostics__BindAddress"] = "127.0.0.1";
        settings["Gateway__Diagnostics__Port"] = Text(diagnosticsPort);
        return ChildProcess.Dotnet(program, [], settings);
    }

    private static JsonObject Put(string id, JsonObject properties) => new() { ["op"] = "put", ["id"] = id, ["properties"] = properties };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Node(string Name, int SiloPort, int GatewayPort, int HttpPort, int HttpsPort, int DiagnosticsPort);
}
