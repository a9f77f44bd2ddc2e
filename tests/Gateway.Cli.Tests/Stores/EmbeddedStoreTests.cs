using Gateway.Hosting.Running;
using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Data;
using Gateway.Cli.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Gateway.Cli.Tests.Stores;

public sealed class EmbeddedStoreTests
{
    private const string Password = "c29tZSBwYXNzd29yZA==";

    [Fact]
    public async Task Start_AfterAStop_FindsEverythingAgain()
    {
        using var folder = new TemporaryFolder();
        using (var first = Start(folder))
        {
            using var connection = await ConnectionMultiplexer.ConnectAsync(first.ConnectionString);
            var transaction = connection.GetDatabase().CreateTransaction();
            transaction.AddCondition(Condition.KeyNotExists("{gw:t}:version"));
            _ = transaction.StringSetAsync("{gw:t}:version", 1);
            _ = transaction.SortedSetAddAsync("{gw:t}:index", "/apis/a", 0);
            Assert.True(await transaction.ExecuteAsync());
        }

        using var second = Start(folder);
        using var again = await ConnectionMultiplexer.ConnectAsync(second.ConnectionString);
        Assert.Equal(1, await again.GetDatabase().StringGetAsync("{gw:t}:version"));
        Assert.Equal("/apis/a", Assert.Single(await again.GetDatabase().SortedSetRangeByValueAsync("{gw:t}:index", "/apis/", "/apis0")));
    }

    [Fact]
    public async Task Start_ClientWithoutPassword_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var store = Start(folder);
        var endpoint = store.ConnectionString.Split(',')[0];

        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync($"{endpoint},connectTimeout=2000,connectRetry=1"));
    }

    [Fact]
    public void Start_PortInUse_IsSaid()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var exception = Assert.Throws<ExitException>(() => EmbeddedStore.Start(folder.Path, port, Password, NullLoggerFactory.Instance));

        Assert.Equal(ExitCodes.PortInUse, exception.Code);
    }

    private static EmbeddedStore Start(TemporaryFolder folder) =>
        EmbeddedStore.Start(folder.In("store"), new Ports(new Random()).Free(IPAddress.Loopback), Password, NullLoggerFactory.Instance);
}
