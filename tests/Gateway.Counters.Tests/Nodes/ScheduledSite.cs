using Gateway.Counters.Tests.Mutations;
using Gateway.Counters.Tests.Schedules;
using Gateway.Edge.Counters;
using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>The silos and edges of a schedule, and what goes wrong with them.</summary>
internal sealed class ScheduledSite : IDisposable
{
    private readonly Schedule _schedule;
    private readonly int[] _partitions;
    private readonly CounterOptions _options;
    private readonly Random _paces;
    private int _lives;

    public ScheduledSite(Schedule schedule, int partition, CounterOptions options, Mistake mistake)
    {
        (_schedule, _partitions, _options, _paces) = (schedule, [partition], options, new(schedule.Seed + 2));
        World = new(schedule.Seed, Pace(), mistake);
        Edges = new EdgeNode[schedule.Edges];
    }

    public World World { get; }

    /// <summary>The edges as they are now; one that is killed has a successor.</summary>
    public EdgeNode[] Edges { get; }

    /// <inheritdoc />
    public void Dispose() => World.Dispose();

    /// <summary>Begins all nodes. From then on happens what the schedule says, until all is healed.</summary>
    public void Begin()
    {
        var faults = new FaultDriver(World, _schedule, Edges, BeginEdge, BeginSilo);
        for (var index = 0; index < _schedule.Silos; index++)
        {
            BeginSilo();
        }

        World.Cluster.SeeAll();
        for (var index = 0; index < Edges.Length; index++)
        {
            BeginEdge(index);
        }

        foreach (var fault in _schedule.Faults)
        {
            World.Timeline.At(fault.At * Millisecond, () => faults.Begin(fault));
        }

        World.Timeline.At(_schedule.Chaos * Millisecond, faults.Heal);
    }

    private void BeginEdge(int index)
    {
        var edge = new EdgeNode(World, index, ++_lives, Pace(), World.Random.NextInt64(1L << 40), _options);
        Edges[index] = edge;
        World.Cluster.Add(edge);
    }

    private void BeginSilo()
    {
        var silo = new SiloNode(World, World.Cluster.Silos.Count, Pace(), World.Random.NextInt64(1L << 40));
        World.Cluster.Join(silo);
        silo.Begin(_partitions);
    }

    private double Pace() => 1 + ((_paces.NextDouble() - 0.5) * _schedule.Drift / 1000);
}
