using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Gateway.Edge.Tests.Caching;

/// <summary>The kinds of Redis that a connection string may name, as real processes: TLS, a replica, a cluster, Sentinel.</summary>
public sealed class CacheStoreKindsTests : IAsyncLifetime
{
    private static readonly byte[] s_value = Encoding.UTF8.GetBytes("value");

    private readonly string _folder = Directory.CreateTempSubdirectory("redis-kinds").FullName;
    private readonly List<RedisNode> _nodes = [];
    private readonly List<RedisCacheStore> _stores = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [TrustedRedisFact]
    public async Task Tls_WithACertificateThatIsTrusted_IsSpoken()
    {
        using var certificate = TrustedAuthority.Issue("CN=store");
        var (_, port) = await StartTlsAsync(certificate);

        await KeepsAsync(Open($"127.0.0.1:{port},ssl=true"), "k");
    }

    [RedisFact]
    public async Task Tls_WithACertificateThatIsNotTrusted_IsNot()
    {
        var (node, port) = await StartTlsAsync(TestServer.Certificate);
        var store = Open($"127.0.0.1:{port},ssl=true");

        await HoldsAsync(async () => (await File.ReadAllTextAsync(node.In("log.txt"))).Contains("Error accepting a client connection", StringComparison.Ordinal), "the edge breaks off");
        Assert.False(await store.Set("k", s_value, TimeSpan.FromMinutes(1)));
        Assert.True((await store.GetAsync("k")).IsNull);
    }

    [RedisFact]
    public async Task Replica_AnswersWhileThePrimaryIsGone()
    {
        var primary = Start(FreePort.Next());
        var replica = Start(FreePort.Next(), "--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        await IsListeningAsync(primary.Port);
        await IsListeningAsync(replica.Port);
        var store = Open($"127.0.0.1:{primary.Port},127.0.0.1:{replica.Port}", readsReplicas: true);
        await KeepsAsync(store, "k");

        await primary.KillAsync();

        await HoldsAsync(async () => await store.GetAsync("k") is { IsNull: false } found && ((ReadOnlyMemory<byte>)found).Span.SequenceEqual(s_value), "the replica answers");
        Assert.False(await store.Set("other", s_value, TimeSpan.FromMinutes(1)));
    }

    [RedisFact]
    public async Task Cluster_KeepsEachKeyWhereItBelongs()
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => Start(RedisNode.FreePortOfACluster(), "--cluster-enabled", "yes")).ToArray();
        var connections = new List<ConnectionMultiplexer>();
        foreach (var node in nodes)
        {
            await IsListeningAsync(node.Port);
            connections.Add(await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{node.Port},allowAdmin=true"));
        }

        int[] slots = [0, 5461, 10923, 16384];
        for (var i = 0; i < nodes.Length; i++)
        {
            var server = connections[i].GetServer("127.0.0.1", nodes[i].Port);
            await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", slots[i], slots[i + 1] - 1);
            if (i > 0)
            {
                await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", nodes[0].Port);
            }
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            var server = connections[i].GetServer("127.0.0.1", nodes[i].Port);
            await HoldsAsync(
                async () => (string?)await server.ExecuteAsync("CLUSTER", "INFO") is { } info && info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_known_nodes:3", StringComparison.Ordinal),
                "the nodes are one cluster");
        }

        var store = Open($"127.0.0.1:{nodes[0].Port},127.0.0.1:{nodes[1].Port}");
        for (var i = 0; i < 60; i++)
        {
            await KeepsAsync(store, $"key-{i}");
        }

        // Wanted together, they go to the nodes that have them.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 60).Select(number => store.GetAsync($"key-{number}").AsTask())), value => Assert.Equal(s_value, (byte[]?)value));

        for (var i = 0; i < nodes.Length; i++)
        {
            Assert.InRange(await connections[i].GetServer("127.0.0.1", nodes[i].Port).DatabaseSizeAsync(), 1, 59);
            await connections[i].DisposeAsync();
        }
    }

    [RedisFact]
    public async Task Read_ThatFails_DoesNotFailThoseThatWentWithIt()
    {
        var node = Start(FreePort.Next());
        await IsListeningAsync(node.Port);
        var store = Open($"127.0.0.1:{node.Port}");
        await KeepsAsync(store, "good");
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{node.Port}");
        await connection.GetDatabase().ListLeftPushAsync("bad", "no text");

        for (var i = 0; i < 20; i++)
        {
            var (bad, good, none) = (store.GetAsync("bad").AsTask(), store.GetAsync("good").AsTask(), store.GetAsync("none").AsTask());
            Assert.True((await bad).IsNull);
            Assert.True((await none).IsNull);
            Assert.Equal(s_value, (byte[]?)await good);
            await KeepsAsync(store, "good");
        }
    }

    [RedisFact]
    public async Task Sentinel_NamesThePrimary_AndTheNextOne()
    {
        var primary = Start(FreePort.Next());
        var replica = Start(FreePort.Next(), "--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture), "--repl-diskless-sync-delay", "0");
        await IsListeningAsync(primary.Port);
        await IsListeningAsync(replica.Port);
        var sentinel = Start(
            FreePort.Next(), $"""
            sentinel monitor caches 127.0.0.1 {primary.Port} 1
            sentinel down-after-milliseconds caches 1000
            sentinel failover-timeout caches 5000

            """, "--sentinel");
        await IsListeningAsync(sentinel.Port);
        await using (var asked = await ConnectionMultiplexer.SentinelConnectAsync($"127.0.0.1:{sentinel.Port}"))
        {
            await HoldsAsync(async () => (await asked.GetServer("127.0.0.1", sentinel.Port).SentinelReplicasAsync("caches")).Length > 0, "Sentinel knows the replica");
        }

        var store = Open($"127.0.0.1:{sentinel.Port},serviceName=caches");
        await KeepsAsync(store, "k");

        await primary.KillAsync();

        await KeepsAsync(store, "other");
    }

    private async Task<(RedisNode Node, int Port)> StartTlsAsync(X509Certificate2 certificate)
    {
        var port = FreePort.Next();
        var (file, key) = (Path.Combine(_folder, "cert.pem"), Path.Combine(_folder, "key.pem"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, (certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("A key of another kind.")).ExportPkcs8PrivateKeyPem());
        var node = Start(
            0, "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-cert-file", file, "--tls-key-file", key, "--tls-ca-cert-file", file, "--tls-auth-clients", "no", "--loglevel", "verbose");
        await IsListeningAsync(port);
        return (node, port);
    }

    private RedisNode Start(int port, params string[] arguments)
    {
        var node = new RedisNode(port, arguments);
        _nodes.Add(node);
        return node;
    }

    private RedisCacheStore Open(string connectionString, bool readsReplicas = false)
    {
        var options = new EdgeOptions { ServiceId = "s", Cache = new() { StoreTimeout = TimeSpan.FromSeconds(2), StorePause = TimeSpan.FromMilliseconds(500), ReadsReplicas = readsReplicas } };
        var store = new RedisCacheStore("test", connectionString, options, TimeProvider.System, NullLogger.Instance);
        _stores.Add(store);
        return store;
    }

    private static Task KeepsAsync(RedisCacheStore store, string key) => HoldsAsync(
        async () => await store.Set(key, s_value, TimeSpan.FromMinutes(1)) && await store.GetAsync(key) is { IsNull: false } found && ((ReadOnlyMemory<byte>)found).Span.SequenceEqual(s_value),
        $"the store keeps {key}");

    private static Task IsListeningAsync(int port) => HoldsAsync(
        async () =>
        {
            using var client = new System.Net.Sockets.TcpClient();
            try
            {
                await client.ConnectAsync(System.Net.IPAddress.Loopback, port);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return false;
            }
        },
        $"port {port} is open");

    private static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"Not within 60 s: {what}");
            await Task.Delay(20);
        }
    }
}
