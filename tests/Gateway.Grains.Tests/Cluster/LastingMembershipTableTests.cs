using System.Net;
using Gateway.Grains.Cluster;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Gateway.Grains.Tests.Cluster;

/// <summary>The list of two silos, each of which looks at it by itself, in a store that loses it.</summary>
public sealed class LastingMembershipTableTests
{
    [Theory, StoreData]
    public async Task List_LostWithTheStore_IsWrittenBackByTheFirstThatLooks_AndIsNewerForAll(string store)
    {
        await using var there = await TestStore.StartAsync(store);
        await using var one = await SiloAsync(there, 11001);
        await using var two = await SiloAsync(there, 11002);
        var before = await one.Table.ReadAllAsync(default);
        await two.Table.ReadAllAsync(default);

        await there.FlushAsync();
        var first = await one.Table.ReadAllAsync(default);

        Assert.Equal(["11001 Active", "11002 Active"], Rows(first));
        Assert.True(first.Version.Version > before.Version.Version);
        Assert.Equal((first.Version.Version, "11001 Active, 11002 Active"), await two.LookAsync());
    }

    [Theory, StoreData]
    public async Task List_LostAndWrittenBackByAllAtOnce_HoldsEachOnce(string store)
    {
        await using var there = await TestStore.StartAsync(store);
        await using var one = await SiloAsync(there, 11001);
        await using var two = await SiloAsync(there, 11002);
        await using var three = await SiloAsync(there, 11003);
        await Task.WhenAll(one.LookAsync(), two.LookAsync(), three.LookAsync());

        await there.FlushAsync();
        var seen = await Task.WhenAll(Task.Run(one.LookAsync), Task.Run(two.LookAsync), Task.Run(three.LookAsync));

        Assert.All(seen, look => Assert.Equal("11001 Active, 11002 Active, 11003 Active", look.Rows));
    }

    [Fact]
    public async Task Silo_ThatStartsOnTheEmptyList_StaysListed_AndItsFormerSelfIsNotWrittenBack()
    {
        await using var there = await TestStore.StartAsync("garnet");
        await using var one = await SiloAsync(there, 11001);
        await using var former = await SiloAsync(there, 11002);
        await one.LookAsync();

        await there.FlushAsync();
        await using var again = await SiloAsync(there, 11002, generation: 2);
        var before = await again.LookAsync();

        var (version, rows) = await one.LookAsync();
        Assert.Equal("11001 Active, 11002 Active", rows);
        Assert.True(version > before.Version);
        Assert.Equal((version, rows), await again.LookAsync());
    }

    [Fact]
    public async Task Silo_ThatEnded_IsNotWrittenBack_AndWritesNothingBack()
    {
        await using var there = await TestStore.StartAsync("garnet");
        await using var one = await SiloAsync(there, 11001);
        await using var ended = await SiloAsync(there, 11002);
        await ended.WriteAsync(SiloStatus.Dead);
        await one.LookAsync();

        await there.FlushAsync();
        Assert.Equal("", (await ended.LookAsync()).Rows);

        Assert.Equal("11001 Active", (await one.LookAsync()).Rows);
        Assert.Equal("11001 Active", (await ended.LookAsync()).Rows);
    }

    private static string[] Rows(MembershipTableData read) =>
        [.. read.Members.Select(member => $"{member.Item1.SiloAddress.Endpoint.Port} {member.Item1.Status}").Order(StringComparer.Ordinal)];

    private static async Task<Silo> SiloAsync(TestStore store, int port, int generation = 1)
    {
        var silo = new Silo(store.Connection, SiloAddress.New(IPAddress.Loopback, port, generation));
        await silo.Table.InitializeMembershipTableAsync(true, default);
        await silo.WriteAsync(SiloStatus.Joining);
        await silo.WriteAsync(SiloStatus.Active);
        return silo;
    }

    /// <summary>What a silo has of the list: Orleans' own table in the store, and what makes it last.</summary>
    private sealed class Silo : IAsyncDisposable
    {
        private readonly SiloAddress _self;
        private readonly IHost _host;

        public Silo(IConnectionMultiplexer store, SiloAddress self)
        {
            _self = self;
            _host = Host.CreateApplicationBuilder().UseOrleans(silo =>
            {
                silo.UseRedisClustering(options =>
                {
                    options.ConfigurationOptions = new ConfigurationOptions();
                    options.CreateMultiplexer = _ => Task.FromResult((store, true));
                });
                silo.Configure<EndpointOptions>(options => (options.AdvertisedIPAddress, options.SiloPort) = (self.Endpoint.Address, self.Endpoint.Port));
                silo.Services.AddLastingMembership(() => store, provider =>
                    provider.GetRequiredService<IOptions<RedisClusteringOptions>>().Value.CreateRedisKey(provider.GetRequiredService<IOptions<ClusterOptions>>().Value));
                silo.Services.AddSingleton<ILocalSiloDetails>(new Details(self));
            }).Build();
            Table = _host.Services.GetRequiredService<IMembershipTable>();
        }

        public IMembershipTable Table { get; }

        public async Task<(int Version, string Rows)> LookAsync() =>
            await Table.ReadAllAsync(default) is var read ? (read.Version.Version, string.Join(", ", Rows(read))) : default;

        public async Task WriteAsync(SiloStatus status)
        {
            var read = await Table.ReadAllAsync(default);
            var entry = new MembershipEntry
            {
                SiloAddress = _self, HostName = "host", SiloName = $"{_self.Endpoint.Port}", Status = status, SuspectTimes = [], StartTime = DateTime.UnixEpoch, IAmAliveTime = DateTime.UnixEpoch,
            };
            Assert.True(read.TryGet(_self) is { } row ? await Table.UpdateRowAsync(entry, row.Item2, read.Version.Next(), default) : await Table.InsertRowAsync(entry, read.Version.Next(), default));
        }

        public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class Details(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "gateway";

        public string DnsHostName => "host";

        public SiloAddress SiloAddress => address;

        public SiloAddress GatewayAddress => address;
    }
}
