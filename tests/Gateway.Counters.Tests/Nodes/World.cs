using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Mutations;
using Gateway.Counters.Tests.Store;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>What all nodes of a site live in, on the thread that made it.</summary>
internal sealed class World : IDisposable
{
    private readonly SynchronizationContext? _before = SynchronizationContext.Current;

    public World(int seed, double storePace, Mistake? mistake = null)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        SiloTelemetry.Reset();
        Mistake = mistake ?? new();
        Random = new(seed);
        Network = new(Timeline, Random);
        Store = new(Timeline, Network, Mistake, storePace);
        Log = new(Timeline, Store.Clock);
        Cluster = new(this);
    }

    public Random Random { get; }

    public Timeline Timeline { get; } = new();

    public Network Network { get; }

    public ModelStore Store { get; }

    public Cluster Cluster { get; }

    public AdmissionLog Log { get; }

    /// <summary>What is done wrong here.</summary>
    public Mistake Mistake { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var edge in Cluster.Lives)
        {
            edge.Dispose();
        }

        SynchronizationContext.SetSynchronizationContext(_before);
    }
}
