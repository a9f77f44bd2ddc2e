using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Activations of one partition against each other: never two that lend.</summary>
public sealed class PartitionHoldingTests
{
    // Beyond those that are grains: nobody else wants it.
    private const int Partition = 1007;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CounterId Counter = new(1, Partition);
    private static readonly Guid Edge = Guid.NewGuid();

    [Theory, StoreData]
    public async Task SecondActivation_WhileTheFirstHolds_LendsNothing(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var first = new Activation(cluster, 0);
        var second = new Activation(cluster, 1);
        await first.Holding.TakeAsync().WaitAsync(Patience);
        first.Spend(3);
        var epoch = first.Usable!.Epoch;

        var taking = second.Holding.TakeAsync();
        await UntilAsync(() => first.IsAskedToLeave);

        Assert.NotNull(first.Usable);
        Assert.Null(second.Usable);

        await first.Holding.EndAsync();
        await taking.WaitAsync(Patience);

        Assert.Null(first.Usable);
        Assert.Equal((epoch, 3), (second.Usable!.Epoch, second.Charged));
    }

    [Theory, StoreData]
    public async Task FirstActivation_ItsSiloLostItsLease_IsReplacedAndSaysGoodbye(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var first = new Activation(cluster, 0);
        var second = new Activation(cluster, 1);
        await first.Holding.TakeAsync().WaitAsync(Patience);
        var epoch = first.Usable!.Epoch;
        var lease = cluster.Service<SiloLease>(0).Fence.Id;

        await cluster.Store.Connection.GetDatabase().KeyDeleteAsync($"{{gw:test}}:counters:silo:{lease}");
        await second.Holding.TakeAsync().WaitAsync(Patience);
        await UntilAsync(() => first.Usable is null);
        await first.Holding.TakeAsync().WaitAsync(Patience);

        Assert.Equal(epoch + 1, second.Usable!.Epoch);
        Assert.Null(first.Usable);
        Assert.True(first.HasLeft);
    }

    [Theory, StoreData]
    public async Task OnlyActivation_ItsSiloLostItsLease_GoesOnWithItsMemory(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var only = new Activation(cluster, 0);
        await only.Holding.TakeAsync().WaitAsync(Patience);
        only.Spend(3);
        var epoch = only.Usable!.Epoch;
        var lease = cluster.Service<SiloLease>(0).Fence.Id;

        await cluster.Store.Connection.GetDatabase().KeyDeleteAsync($"{{gw:test}}:counters:silo:{lease}");
        await UntilAsync(() => only.Usable is null);
        await only.Holding.TakeAsync().WaitAsync(Patience);

        Assert.NotEqual(lease, cluster.Service<SiloLease>(0).Fence.Id);
        Assert.Equal((epoch, 3), (only.Usable!.Epoch, only.Charged));
    }

    [Theory, StoreData]
    public async Task ManyActivations_AtOnce_OneHolds(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var activations = Enumerable.Range(0, 8).Select(index => new Activation(cluster, index % 2)).ToArray();

        var taking = activations.Select(activation => activation.Holding.TakeAsync()).ToArray();
        await Task.WhenAny(taking).WaitAsync(Patience);

        Assert.Single(activations, activation => activation.Usable is not null);
    }

    [Theory, StoreData]
    public async Task Memory_HandedOverDamaged_IsAskedOfTheEdges(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        var first = new Activation(cluster, 0);
        var second = new Activation(cluster, 1);
        await first.Holding.TakeAsync().WaitAsync(Patience);
        var epoch = first.Usable!.Epoch;
        await first.Holding.EndAsync();

        await cluster.Store.Connection.GetDatabase().StringSetAsync($"{{gw:test:c{Partition}}}:memory", "{ not json");
        await second.Holding.TakeAsync().WaitAsync(Patience);

        Assert.Equal(epoch + 1, second.Usable!.Epoch);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private sealed class Activation
    {
        private readonly HoldingServices _services;
        private long _sequence;

        public Activation(CounterCluster cluster, int silo)
        {
            _services = cluster.Service<HoldingServices>(silo);
            _services.Registry.Enter(Partition, () => IsAskedToLeave = true);
            Holding = new PartitionHolding(
                Partition, _services, new PartitionLearning(Partition, _services, NullLogger.Instance), () => HasLeft = true, NullLogger.Instance);
        }

        public PartitionHolding Holding { get; }

        public bool IsAskedToLeave { get; private set; }

        public bool HasLeft { get; private set; }

        public CounterPartition? Usable => Holding.Usable(_services.Time.Now);

        public long Charged => Usable!.Write(_services.Time.Now).Counters.Sum(counter => counter.Shares.Sum(share => share.Spent[1] + (share.Leases is [_, var lent] ? lent : 0)));

        public void Spend(int count)
        {
            Acquire(want: count, spent: 0);
            Acquire(want: 0, spent: count);
        }

        private void Acquire(long want, long spent) => Usable!.Acquire(_services.Time.Now, new LeaseCall
        {
            Edge = Edge,
            Observer = null!,
            Sequence = ++_sequence,
            Epoch = _sequence == 1 ? 0 : Usable!.Epoch,
            Requests =
            [
                new LeaseRequest
                {
                    Counter = Counter,
                    Definition = new CounterDefinition { Limit = 20, PeriodMilliseconds = 60_000, Publication = new PublicationId("L", 1) },
                    Want = want,
                    Spent = spent,
                },
            ],
        });
    }
}
