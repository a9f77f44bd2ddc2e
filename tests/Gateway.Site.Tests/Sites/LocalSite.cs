using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts.Secrets;
using Gateway.Site.Tests.Processes;
using StackExchange.Redis;

namespace Gateway.Site.Tests.Sites;

/// <summary>A site on one machine: a Redis server, two silos and two edges, each a process, and a backend in the test.</summary>
public class LocalSite : IAsyncLifetime
{
    private const string Token = "site-test-token";

    private readonly TemporaryFolder _folder = new();
    private readonly int _redisPort = FreePorts.Next();
    private readonly int[] _siloPorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _siloGatewayPorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _managementPorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _edgePorts = [FreePorts.Next(), FreePorts.Next()];
    private readonly int[] _diagnosticsPorts = [FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next()];
    private readonly ChildProcess?[] _silos = new ChildProcess?[2];
    private readonly ChildProcess?[] _edges = new ChildProcess?[2];
    private readonly HttpClient _client = Http.Client();
    // A silo that compiles its first expression on a busy machine takes its time.
    private readonly HttpClient _management = Http.Client(patience: Patience);

    private ChildProcess? _redis;
    private TestBackend? _backend;

    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The URL of an API on an edge.</summary>
    public string UrlOf(int edge, string api) => $"http://127.0.0.1:{Text(_edgePorts[edge])}/{api}/hello";

    public async Task InitializeAsync()
    {
        if (!OnPath.Has("redis-server"))
        {
            return;
        }

        _backend = await TestBackend.StartAsync(FreePorts.Next());
        StartRedis();
        var key = SiteKey.Generate();
        _folder.Write("site.key", key.Export());
        _folder.Write("edge.key", key.Publication.Export());
        _folder.Write("token", Token);
        Prepare();
        StartSilo(0);
        StartSilo(1);
        StartEdge(0);
        StartEdge(1);
        await ReadyAsync();
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var process in _edges.Concat(_silos).Append(_redis).OfType<ChildProcess>())
        {
            await process.DisposeAsync();
        }

        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }

        _client.Dispose();
        _management.Dispose();
        _folder.Dispose();
    }

    /// <summary>Writes what the nodes need before they start.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Further settings of a node.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> SettingsOf(string node) => [];

    /// <summary>The port of a silo that edges connect to.</summary>
    internal int SiloGatewayPort(int index) => _siloGatewayPorts[index];

    /// <summary>The status that an edge answers for an API.</summary>
    internal Task<string> AskAsync(int edge, string api) => Http.TryAsync(_client, UrlOf(edge, api));

    internal ChildProcess Silo(int index) => _silos[index]!;

    internal ChildProcess Edge(int index) => _edges[index]!;

    internal void StartRedis() => _redis = ChildProcess.Start(
        "redis-server", ["--port", Text(_redisPort), "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--dir", _folder.Path]);

    internal Task StopRedisAsync() => _redis!.KillAsync();

    internal void StartSilo(int index) => _silos[index] = Start("Gateway.Silo.dll", $"silo-{index}", _diagnosticsPorts[index], new()
    {
        ["Gateway__Redis__ConnectionString"] = $"127.0.0.1:{Text(_redisPort)}",
        ["Gateway__Secrets__KeyFile"] = _folder.In("site.key"),
        ["Gateway__Silo__Address"] = "127.0.0.1",
        ["Gateway__Silo__SiloPort"] = Text(_siloPorts[index]),
        ["Gateway__Silo__GatewayPort"] = Text(_siloGatewayPorts[index]),
        ["Gateway__Management__HttpPort"] = Text(_managementPorts[index]),
        ["Gateway__Management__HttpsPort"] = "0",
        ["Gateway__Management__AdminToken"] = Token,
    });

    internal void StartEdge(int index, params (string Name, string Value)[] more) => _edges[index] = Start("Gateway.Edge.dll", $"edge-{index}", _diagnosticsPorts[2 + index], new(more.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
    {
        ["Gateway__Secrets__KeyFile"] = _folder.In("edge.key"),
        ["Gateway__Edge__Silos"] = string.Join(',', _siloGatewayPorts.Select(port => $"127.0.0.1:{Text(port)}")),
        ["Gateway__Edge__BindAddress"] = "127.0.0.1",
        ["Gateway__Edge__HttpPort"] = Text(_edgePorts[index]),
        ["Gateway__Edge__HttpsPort"] = "0",
        ["Gateway__Edge__DrainDelay"] = "0s",
        ["Gateway__Backup__Period"] = "0s",
        ["Gateway__AccessLog"] = "off",
        ["Gateway__Edge__Labels__ring"] = $"ring-{Text(index)}",
        ["Gateway__Counters__Stamp"] = "true",
    });

    /// <summary>What an edge says of its readiness.</summary>
    internal async Task<(int Status, string Body)> ReadinessAsync(int edge)
    {
        try
        {
            using var response = await _client.GetAsync($"http://127.0.0.1:{Text(_diagnosticsPorts[2 + edge])}/readyz");
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException notYet)
        {
            return (0, notYet.Message);
        }
    }

    /// <summary>Waits until every process says that it is ready.</summary>
    internal async Task ReadyAsync()
    {
        foreach (var port in _diagnosticsPorts)
        {
            await Poll.UntilAsync(
                async () => await Http.TryAsync(_client, $"http://127.0.0.1:{Text(port)}/readyz") == "200",
                Patience,
                () => $"the process with diagnostics port {port} is not ready\n" + Report());
        }
    }

    /// <summary>Waits until the other silos have written in the cluster's list that one is dead.</summary>
    internal async Task GivenUpAsync(int silo)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Text(_redisPort)}");
        var endpoint = $"S127.0.0.1:{Text(_siloPorts[silo])}:";
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                var members = await redis.GetDatabase().HashGetAllAsync("site-test/members/gateway");
                last = string.Join('\n', members.Select(member => $"{member.Name} {member.Value}"));

                // Those before it, which a test may have killed, are dead as well: it is the newest that counts.
                var newest = members.Where(member => member.Name.ToString().StartsWith(endpoint, StringComparison.Ordinal))
                    .MaxBy(member => long.Parse(member.Name.ToString().AsSpan(endpoint.Length), CultureInfo.InvariantCulture));
                return JsonNode.Parse(newest.Value.ToString())!["Status"]!.ToString() is "Dead" or "6";
            },
            Patience,
            () => $"silo {silo} is not given up: {last}\n{Report()}");
    }

    /// <summary>Declares an open API through one silo's management API, which may take a moment to find a silo that writes.</summary>
    internal Task PutApiAsync(int silo, string api) => ChangeAsync(silo, ApiChanges(api, subscriptionRequired: false));

    /// <summary>Declares an API with a policy, and its subscribers; each one's key is its name.</summary>
    internal Task PutApiAsync(int silo, string api, string inbound, params string[] subscribers) =>
        PutApiWithPoliciesAsync(silo, api, $"<inbound><base />{inbound}</inbound>", subscribers);

    /// <summary>Declares an API with the sections of a policy document, and its subscribers; each one's key is its name.</summary>
    internal Task PutApiWithPoliciesAsync(int silo, string api, string sections, params string[] subscribers) => ChangeAsync(silo,
    [
        .. ApiChanges(api, subscriptionRequired: true),
        Put($"/apis/{api}/policies/policy", new() { ["format"] = "rawxml", ["value"] = $"<policies>{sections}</policies>" }),
        .. subscribers.Select(name => Put($"/subscriptions/{name}", new() { ["displayName"] = name, ["scope"] = $"/apis/{api}", ["primaryKey"] = name })),
    ]);

    /// <summary>Puts one resource through the first silo, which may take a moment to find a silo that writes.</summary>
    internal async Task PutAsync(string id, JsonObject properties)
    {
        var answer = "";
        await Poll.UntilAsync(
            async () =>
            {
                var (status, body) = await ManageAsync(0, HttpMethod.Put, id, new() { ["properties"] = properties.DeepClone() });
                answer = $"{status}: {body}";
                return status is 200 or 201;
            },
            Patience,
            () => $"{id} is not taken: {answer}\n{Report()}");
    }

    /// <summary>Calls a silo's management API.</summary>
    internal Task<(int Status, JsonNode? Body)> ManageAsync(int silo, HttpMethod method, string path, JsonObject? body = null) =>
        Http.ManageAsync(_management, $"http://127.0.0.1:{Text(_managementPorts[silo])}", Token, method, path, body);

    /// <summary>Runs the tool against a silo's management API; the answer is what it printed.</summary>
    internal async Task<string> ToolAsync(int silo, params string[] args)
    {
        await using var tool = ChildProcess.Dotnet(
            "gateway.dll", [.. args, "--url", $"http://127.0.0.1:{Text(_managementPorts[silo])}", "--token-file", _folder.In("token")]);
        var code = await tool.WaitForExitAsync(Patience);
        return code == 0 ? string.Join('\n', tool.Output) : $"{code}: {tool.Errors}";
    }

    /// <summary>A file that is gone with the site.</summary>
    internal string In(string name) => _folder.In(name);

    /// <summary>Runs one command on the state store.</summary>
    internal async Task RedisAsync(string command, params object[] args)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Text(_redisPort)},allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync(command, args);
    }

    /// <summary>What an edge counts under a name, over all its labels.</summary>
    internal async Task<double> MetricAsync(int edge, string name) =>
        Metrics.Sum(await _client.GetStringAsync($"http://127.0.0.1:{Text(_diagnosticsPorts[2 + edge])}/metrics"), name);

    /// <summary>The requests of a name that the backend keeps.</summary>
    internal HeldRequests Held(string by) => _backend!.Held(by);

    /// <summary>What the backend was told of tokens.</summary>
    internal IReadOnlyCollection<Admission> Admissions => _backend!.Admissions;

    private Task ChangeAsync(int silo, JsonObject[] changes)
    {
        var said = "";
        return Poll.UntilAsync(
            async () =>
            {
                (var status, said) = await TryChangeAsync(silo, changes);
                Assert.True(status is 200 or 503, $"{said}\n{Report()}");
                return status == 200;
            },
            TimeSpan.FromSeconds(30),
            () => $"silo {silo} does not take a change: {said}\n{Report()}");
    }

    /// <summary>Waits until an edge answers for an API.</summary>
    internal Task ServedAsync(int edge, string api, string status = "200") => Poll.UntilAsync(
        async () => await Http.TryAsync(_client, UrlOf(edge, api)) == status,
        TimeSpan.FromSeconds(30),
        () => $"edge {edge} does not serve {api}\n" + Report());

    /// <summary>How the nodes that a silo knows stand: name and state.</summary>
    internal async Task<string[]> NodesAsync(int silo)
    {
        var (status, body) = await Http.ManageAsync(
            _client, $"http://127.0.0.1:{Text(_managementPorts[silo])}", Token, HttpMethod.Get, "/gateways/managed/nodes");
        return status == 200
            ? [.. body!["value"]!.AsArray().Select(node => $"{node!["name"]} {node["properties"]!["state"]}").Order()]
            : [$"{status}"];
    }

    /// <summary>What every process said last.</summary>
    internal string Report() => string.Join('\n', _silos.Concat(_edges).OfType<ChildProcess>().Select((process, index) =>
        $"--- {(index < 2 ? "silo" : "edge")} {index % 2}{(process.HasExited ? " (ended)" : "")}\n{process.Errors}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Put(string id, JsonObject properties) => new() { ["op"] = "put", ["id"] = id, ["properties"] = properties };

    private JsonObject[] ApiChanges(string api, bool subscriptionRequired) =>
    [
        Put($"/apis/{api}", new()
        {
            ["displayName"] = api,
            ["path"] = api,
            ["protocols"] = new JsonArray("http"),
            ["serviceUrl"] = $"http://127.0.0.1:{Text(_backend!.Port)}",
            ["subscriptionRequired"] = subscriptionRequired,
        }),
        Put($"/apis/{api}/operations/get", new() { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/hello" }),
    ];

    private async Task<(int Status, string Body)> TryChangeAsync(int silo, JsonObject[] changes)
    {
        try
        {
            var (status, body) = await Http.ManageAsync(
                _client, $"http://127.0.0.1:{Text(_managementPorts[silo])}", Token, HttpMethod.Post, "/changes",
                new JsonObject { ["changes"] = new JsonArray([.. changes.Select(change => change.DeepClone())]) });
            return (status, $"{status}: {body}");
        }
        catch (TaskCanceledException late)
        {
            // Compiling an expression for the first time takes its time on a busy machine; the change may be sent again.
            return (503, late.Message);
        }
    }

    private ChildProcess Start(string program, string name, int diagnosticsPort, Dictionary<string, string> settings)
    {
        settings["Gateway__NodeName"] = name;
        settings["Gateway__ServiceId"] = "site-test";
        settings["Gateway__Data__Path"] = _folder.In(name);
        settings["Gateway__Diagnostics__BindAddress"] = "127.0.0.1";
        settings["Gateway__Diagnostics__Port"] = Text(diagnosticsPort);
        foreach (var (setting, value) in SettingsOf(name))
        {
            settings[setting] = value;
        }

        return ChildProcess.Dotnet(program, [], settings);
    }
}
