using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Store;
using Gateway.Grains.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Placement;
using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>A silo: the real lease, the real partitions, and what the actor framework would do with them.</summary>
internal sealed class SiloNode : Node
{
    private static readonly KeySpace Keys = new("model");

    private readonly Dictionary<int, ModelActivation> _activations = [];
    private readonly CounterOptions _options = new();
    private readonly HoldingServices _services;
    private readonly World _world;
    private int[] _assigned = [];
    private bool _isSettled;

    public SiloNode(World world, int number, double pace, long offset) : base(world.Timeline, $"silo-{number}", pace, offset)
    {
        _world = world;
        var time = new MonotonicTime(Clock);
        var store = new RedisStore(StoreConnection.Open(this, world.Store), Keys, NullLogger<RedisStore>.Instance);
        var registry = new PartitionRegistry();
        var owners = new PartitionStore(store);
        var edges = new EdgeDirectory(store, _options, GrainFactory.Of(world.Cluster), Clock, NullLogger<EdgeDirectory>.Instance);
        var lease = new SiloLease(store, _options, time, Clock, edges, registry, owners, SiloTelemetry.Shared, NullLogger<SiloLease>.Instance);
        _services = new HoldingServices(lease, owners, new RedisQuotaStore(store), registry, edges, _options, SiloTelemetry.Shared, time, Clock);
    }

    /// <summary>The silos that this one sees, itself among them, in order.</summary>
    public IReadOnlyList<SiloNode> View { get; private set; } = [];

    /// <summary>True when it ends as planned.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>True when it holds a partition, or is about to.</summary>
    public bool Has(int partition) => _activations.ContainsKey(partition);

    /// <summary>Begins: takes its lease, and looks after its partitions.</summary>
    public void Begin(IEnumerable<int> partitions) => Start(async () =>
    {
        await _services.Lease.RenewAsync();
        Start(_services.Lease.RunAsync);
        Clock.CreateTimer(_ => Balance(partitions), null, TimeSpan.Zero, _options.BalancePeriod);
    });

    /// <summary>Ends as planned: hands over, gives up its lease, and is gone.</summary>
    public void Stop()
    {
        IsStopping = true;
        _world.Cluster.Evict(this, 0);
        Start(async () =>
        {
            await Task.WhenAll(_activations.Values.ToArray().Select(activation => activation.EndAsync()));
            await _services.Lease.StopAsync(CancellationToken.None);
            Kill();
        });
    }

    /// <summary>Its view of the cluster changes.</summary>
    public void See(IEnumerable<SiloNode> silos)
    {
        View = [.. silos.Distinct().OrderBy(silo => silo.Name, StringComparer.Ordinal)];
        _isSettled = false;
        _assigned = View.Count == 0 ? [] : PartitionShares.Assign([.. View.Select(silo => silo.Name)]);
    }

    /// <summary>A call of an edge reaches this silo: it goes to where this silo takes the partition to be.</summary>
    public void Route(EdgeNode edge, int partition, LeaseCall call, TaskCompletionSource<LeaseAnswer> reply)
    {
        var target = Where(partition);
        if (target == this)
        {
            Start(() => AnswerAsync(edge, partition, call, reply));
        }
        else if (target is not null)
        {
            _world.Network.Send(this, target, () => target.Start(() => target.AnswerAsync(edge, partition, call, reply)));
        }
    }

    /// <summary>Makes an activation here, whoever else has one.</summary>
    public ModelActivation Activate(int partition)
    {
        if (!_activations.TryGetValue(partition, out var activation))
        {
            activation = new ModelActivation(this, partition, _services, new SilenceLogger(_world), () => _activations.Remove(partition));
            _activations[partition] = activation;
            activation.Begin();
        }

        return activation;
    }

    private async Task AnswerAsync(EdgeNode edge, int partition, LeaseCall call, TaskCompletionSource<LeaseAnswer> reply)
    {
        if (IsStopping)
        {
            return;
        }

        var activation = Activate(partition);
        if (activation.Ending is { } ending)
        {
            await ending;
            Route(edge, partition, call, reply);
            return;
        }

        var answer = await activation.Real.AcquireAsync(_world.Mistake.Call(call), CancellationToken.None);
        _world.Log.Answered(call, answer, () => activation.Real.Describe(1)?.Hottest.Single().End);
        _world.Network.Send(this, edge, () => reply.TrySetResult(_world.Mistake.Answer(answer)));
    }

    // Where it is already, as far as this silo sees, else where it belongs.
    private SiloNode? Where(int partition) =>
        View.FirstOrDefault(silo => silo.Has(partition)) ?? (View.Count == 0 ? null : View[_assigned[partition]]);

    private void Balance(IEnumerable<int> partitions)
    {
        var (wasSettled, fence, now) = (_isSettled, _services.Lease.Fence, _services.Time.Now);
        _isSettled = true;
        if (IsStopping || !View.Contains(this))
        {
            return;
        }

        foreach (var partition in partitions)
        {
            var isMine = View[_assigned[partition]] == this;
            if (isMine && !Has(partition) && Where(partition) == this)
            {
                Activate(partition);
            }
            else if (!isMine && Has(partition) && wasSettled && fence.Allows(fence.Id, now) && !fence.IsUnfenced(now))
            {
                _services.Registry.Leave(partition);
            }
        }
    }
}
