using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Store;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>What all nodes of a site live in.</summary>
internal sealed class World
{
    public World(int seed, double storePace)
    {
        Random = new(seed);
        Log = new(Timeline);
        Network = new(Timeline, Random);
        Store = new(Timeline, Network, storePace);
        Cluster = new(this);
    }

    public Random Random { get; }

    public Timeline Timeline { get; } = new();

    public Network Network { get; }

    public ModelStore Store { get; }

    public Cluster Cluster { get; }

    public AdmissionLog Log { get; }
}
