using System.Net;
using Gateway.Contracts.Nodes;
using Gateway.Edge.Silos;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Messaging;

namespace Gateway.Edge.Tests.Silos;

public sealed class SiloListTests : IDisposable
{
    private readonly DataFolder _data = DataFolder.Held(Directory.CreateTempSubdirectory("gateway-silos-").FullName);

    public void Dispose() => Directory.Delete(_data.Root, recursive: true);

    [Fact]
    public async Task GetGateways_ConfiguredSilos_AreResolvedWithTheDefaultPort()
    {
        Assert.Equal(["127.0.0.1:30001", "127.0.0.2:30000"], await ListAsync(["127.0.0.1:30001", "127.0.0.2"]));
    }

    [Fact]
    public async Task GetGateways_SilosAndTheStoresList_AreMerged()
    {
        Assert.Equal(["10.0.0.9:3", "127.0.0.1:1"], await ListAsync(["127.0.0.1:1"], new ClusterList("gwy.tcp://10.0.0.9:3/5", "gwy.tcp://127.0.0.1:1/6")));
    }

    [Fact]
    public async Task GetGateways_NothingFound_GivesTheListOfTheLastRun()
    {
        await ListAsync(["127.0.0.1:1", "127.0.0.1:2"]);

        Assert.Equal(["127.0.0.1:1", "127.0.0.1:2"], await ListAsync(["name.invalid"], new ClusterList(null!)));
    }

    [Fact]
    public async Task GetGateways_StoreAway_StillGivesTheConfiguredSilos()
    {
        Assert.Equal(["127.0.0.1:1"], await ListAsync(["127.0.0.1:1"], new ClusterList(null!)));
    }

    [Fact]
    public async Task GetGateways_DamagedSavedList_SkipsWhatIsNoEndpoint()
    {
        await File.WriteAllTextAsync(_data.In("silos"), "127.0.0.1:7\nnonsense\n127.0.0.1\n");

        Assert.Equal(["127.0.0.1:7"], await ListAsync([]));
    }

    [Fact]
    public async Task GetGateways_SilosNameTheActiveOnes_LeavesOutTheOthersAndTakesInNewOnes() =>
        Assert.Equal(["127.0.0.1:1", "127.0.0.1:3"], await ListAsync(["127.0.0.1:1", "127.0.0.1:2"], active: ["127.0.0.1:1", "127.0.0.1:3"]));

    [Fact]
    public async Task GetGateways_ActiveOnesHaveAddressesOfAnotherNetwork_GivesTheConfiguredSilos() =>
        Assert.Equal(["127.0.0.1:1"], await ListAsync(["127.0.0.1:1"], active: ["10.0.0.1:1"]));

    private async Task<string[]> ListAsync(string[] silos, IGatewayListProvider? clusterList = null, string[]? active = null)
    {
        var settings = new GatewaySettings { Edge = new EdgeSettings { Silos = silos } };
        var environment = new NodeEnvironment { Role = NodeRole.Edge, Data = _data };
        var list = new SiloList(settings, environment, clusterList, () => active?.Select(IPEndPoint.Parse).ToHashSet(), NullLogger<SiloList>.Instance);
        await list.InitializeGatewayListProvider();
        return [.. (await list.GetGateways()).Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port).ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>The list in the state store; null in it is a store that cannot be reached.</summary>
    private sealed class ClusterList(params string[] silos) : IGatewayListProvider
    {
        public TimeSpan MaxStaleness => TimeSpan.FromSeconds(1);

        public bool IsUpdatable => true;

        public Task InitializeGatewayListProvider() => Task.CompletedTask;

        public Task<IList<Uri>> GetGateways() => silos is null
            ? throw new TimeoutException("The store does not answer.")
            : Task.FromResult<IList<Uri>>([.. silos.Select(silo => new Uri(silo))]);
    }
}
