using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts.Secrets;
using Gateway.Site.Tests.Networks;
using Gateway.Site.Tests.Processes;
using Gateway.Site.Tests.Sites;

namespace Gateway.Site.Tests.Chaos;

/// <summary>Up to three silos, three edges and Redis, each on a machine of its own as far as the network goes; any of them can be lost.</summary>
internal sealed class ChaosSite : IAsyncDisposable
{
    public const int Silos = 3;
    public const int Edges = 3;

    private const string Token = "chaos-test-token";
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int ManagementPort = 8081;
    private const int DiagnosticsPort = 8082;
    private const int BackendPort = 9000;

    private readonly TemporaryFolder _folder = new();
    private readonly TestNetwork _network = new();
    private readonly NetworkNamespace[] _siloMachines;
    private readonly NetworkNamespace[] _edgeMachines;
    private readonly HttpClient[] _siloClients;
    private readonly HttpClient[] _edgeClients;
    private readonly ChildProcess?[] _silos = new ChildProcess?[Silos];
    private readonly ChildProcess?[] _edges = new ChildProcess?[Edges];
    private readonly int _redisPort = FreePorts.Next();
    private readonly string _maxWait;
    private readonly List<ChildProcess> _retired = [];
    private ChildProcess? _redis;
    private TestBackend? _backend;

    private ChaosSite(string maxWait)
    {
        _maxWait = maxWait;
        _siloMachines = [.. Enumerable.Range(0, Silos).Select(_ => _network.Add())];
        _edgeMachines = [.. Enumerable.Range(0, Edges).Select(_ => _network.Add())];
        _siloClients = [.. _siloMachines.Select(machine => machine.Client())];
        _edgeClients = [.. _edgeMachines.Select(machine => machine.Client())];
    }

    /// <summary>What the backend was told of tokens.</summary>
    public IReadOnlyCollection<Admission> Admissions => _backend!.Admissions;

    public static async Task<ChaosSite> StartAsync(int silos = Silos, string maxWait = "5s")
    {
        var site = new ChaosSite(maxWait);
        try
        {
            site._backend = await TestBackend.StartAsync(BackendPort, site._network.BackendAddress);
            var key = SiteKey.Generate();
            site._folder.Write("site.key", key.Export());
            site._folder.Write("edge.key", key.Publication.Export());
            site.StartRedis();
            for (var index = 0; index < silos; index++)
            {
                site.StartSilo(index);
            }

            for (var index = 0; index < Edges; index++)
            {
                site.StartEdge(index);
            }

            await site.WholeAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a silo out of the site: it stops in order, and nobody starts it again.</summary>
    public async Task<int> RetireSiloAsync(int index)
    {
        var silo = Silo(index);
        _silos[index] = null;
        _retired.Add(silo);
        silo.Stop();
        return await silo.WaitForExitAsync(LocalSite.Patience);
    }

    public ChildProcess Silo(int index) => _silos[index]!;

    public ChildProcess Edge(int index) => _edges[index]!;

    public ChildProcess Redis => _redis!;

    public System.Net.IPAddress BackendAddressOf(int edge) => _edgeMachines[edge].BackendAddress;

    public void Cut(int[] silos, int[] edges) => _network.Cut([.. silos.Select(index => _siloMachines[index]), .. edges.Select(index => _edgeMachines[index])]);

    public void Separate(int silo, int otherSilo) => TestNetwork.Separate(_siloMachines[silo], _siloMachines[otherSilo]);

    public void Join(int silo, int otherSilo) => TestNetwork.Join(_siloMachines[silo], _siloMachines[otherSilo]);

    public void SeparateEdge(int silo, int edge, bool oneWay) => TestNetwork.Separate(_siloMachines[silo], _edgeMachines[edge], oneWay);

    public void JoinEdge(int silo, int edge, bool oneWay) => TestNetwork.Join(_siloMachines[silo], _edgeMachines[edge], oneWay);

    public void Heal() => _network.Heal([.. _siloMachines, .. _edgeMachines]);

    public void StartRedis() => _redis = ChildProcess.Start(
        "redis-server",
        ["--port", Text(_redisPort), "--bind", _network.SiteAddress.ToString(), "--protected-mode", "no", "--appendonly", "yes", "--appendfsync", "always", "--dir", _folder.Path]);

    public void StartSilo(int index) => _silos[index] = Start(_siloMachines[index], "Gateway.Silo.dll", $"silo-{index}", new()
    {
        ["Gateway__Redis__ConnectionString"] = $"{_network.SiteAddress}:{Text(_redisPort)}",
        ["Gateway__Secrets__KeyFile"] = _folder.In("site.key"),
        ["Gateway__Silo__Address"] = _siloMachines[index].SiteAddress.ToString(),
        ["Gateway__Silo__SiloPort"] = Text(SiloPort),
        ["Gateway__Silo__GatewayPort"] = Text(GatewayPort),
        ["Gateway__Management__HttpPort"] = Text(ManagementPort),
        ["Gateway__Management__HttpsPort"] = "0",
        ["Gateway__Management__AdminToken"] = Token,
    });

    public void StartEdge(int index) => _edges[index] = Start(_edgeMachines[index], "Gateway.Edge.dll", $"edge-{index}", new()
    {
        ["Gateway__Secrets__KeyFile"] = _folder.In("edge.key"),
        ["Gateway__Edge__Silos"] = string.Join(',', _siloMachines.Select(machine => $"{machine.SiteAddress}:{Text(GatewayPort)}")),
        ["Gateway__Edge__BindAddress"] = "127.0.0.1",
        ["Gateway__Edge__HttpPort"] = "8080",
        ["Gateway__Edge__HttpsPort"] = "0",
        ["Gateway__Edge__DrainDelay"] = "0s",
        ["Gateway__Backup__Period"] = "0s",
        ["Gateway__AccessLog"] = "off",
        ["Gateway__Counters__Stamp"] = "true",
        ["Gateway__Limits__MaxWait"] = _maxWait,
    });

    /// <summary>Declares an API with a policy, and its subscribers; each one's key is its name.</summary>
    public async Task PutApiAsync(string api, string inbound, string[] subscribers)
    {
        JsonObject[] changes =
        [
            Put($"/apis/{api}", new() { ["displayName"] = api, ["path"] = api, ["protocols"] = new JsonArray("http"), ["serviceUrl"] = $"http://{_network.BackendAddress}:{Text(BackendPort)}/{api}" }),
            Put($"/apis/{api}/operations/get", new() { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/hello" }),
            Put($"/apis/{api}/policies/policy", new() { ["format"] = "rawxml", ["value"] = $"<policies><inbound><base />{inbound}</inbound></policies>" }),
            .. subscribers.Select(name => Put($"/subscriptions/{name}", new() { ["displayName"] = name, ["scope"] = $"/apis/{api}", ["primaryKey"] = name })),
        ];
        var (status, body) = await Http.ManageAsync(
            _siloClients[0], $"http://127.0.0.1:{Text(ManagementPort)}", Token, HttpMethod.Post, "/changes", new JsonObject { ["changes"] = new JsonArray([.. changes]) });
        Assert.True(status == 200, $"{status}: {body}\n{Report()}");
        for (var edge = 0; edge < Edges; edge++)
        {
            var index = edge;
            await Poll.UntilAsync(async () => await CallAsync(index, api, "nobody") == "401", LocalSite.Patience, Report);
        }
    }

    /// <summary>The status of a call, or the reason why there is none.</summary>
    public Task<string> CallAsync(int edge, string api, string key) => Http.TryAsync(_edgeClients[edge], $"http://127.0.0.1:8080/{api}/hello", key);

    /// <summary>What a silo counts under a name, over all its labels.</summary>
    public async Task<double> MetricAsync(int silo, string name) =>
        Metrics.Sum(await _siloClients[silo].GetStringAsync($"http://127.0.0.1:{Text(DiagnosticsPort)}/metrics"), name);

    /// <summary>Waits until every node is ready. A silo that was given up ends, and is started again as its supervisor would.</summary>
    public Task WholeAsync()
    {
        var missing = "";
        return Poll.UntilAsync(
            async () =>
            {
                int[] started = [.. Enumerable.Range(0, Silos).Where(index => _silos[index] is not null)];
                foreach (var ended in started.Where(index => Silo(index).HasExited))
                {
                    StartSilo(ended);
                }

                var answers = await Task.WhenAll(started.Select(index => _siloClients[index]).Concat(_edgeClients).Select(client => Http.TryAsync(client, $"http://127.0.0.1:{Text(DiagnosticsPort)}/readyz")));
                missing = string.Join(", ", answers);
                return answers.All(answer => answer == "200");
            },
            LocalSite.Patience,
            () => $"not whole: {missing}\n{Report()}");
    }

    /// <summary>What every process said last.</summary>
    public string Report() => string.Join('\n', _silos.Concat(_edges).Select((process, index) => process is null ? ""
        : $"--- {(index < Silos ? "silo" : "edge")} {index % Silos}{(process.HasExited ? " (ended)" : "")}\n{process.Errors}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _edges.Concat(_silos).Concat(_retired).Append(_redis).OfType<ChildProcess>())
        {
            await process.DisposeAsync();
        }

        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }

        foreach (var client in _siloClients.Concat(_edgeClients))
        {
            client.Dispose();
        }

        _network.Dispose();
        _folder.Dispose();
    }

    private ChildProcess Start(NetworkNamespace machine, string program, string name, Dictionary<string, string> settings)
    {
        settings["Gateway__NodeName"] = name;
        settings["Gateway__ServiceId"] = "chaos-test";
        settings["Gateway__Data__Path"] = _folder.In(name);
        settings["Gateway__Diagnostics__BindAddress"] = "127.0.0.1";
        settings["Gateway__Diagnostics__Port"] = Text(DiagnosticsPort);
        return machine.Start(program, settings);
    }

    private static JsonObject Put(string id, JsonObject properties) => new() { ["op"] = "put", ["id"] = id, ["properties"] = properties };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
