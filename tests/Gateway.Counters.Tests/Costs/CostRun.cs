using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Nodes;
using Gateway.Edge.Counters;
using Gateway.Policies.Execution;
using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests.Costs;

/// <summary>What a limit costs under a workload.</summary>
/// <param name="Over">The most by which a window held more than the limit.</param>
/// <param name="Under">Requests turned away that one exact counter would have let pass, as a share of those.</param>
/// <param name="Calls">Calls between edges and silos per request.</param>
/// <param name="Waits">The share of requests that waited for a call.</param>
internal sealed record CostRun(long Over, double Under, double Calls, double Waits)
{
    private const string Key = "k";
    private const int PeriodSeconds = 60;
    private const long Duration = 240 * Second;

    public static CostRun Of(int limit, int edges, Workload workload, int seed)
    {
        using var world = new World(seed, 1);
        Run(world, limit, edges, workload, new Random(seed + 1));
        return Judge(world, limit);
    }

    private static void Run(World world, int limit, int count, Workload workload, Random random)
    {
        var rule = new LimitRule { Calls = limit, PeriodSeconds = PeriodSeconds };
        var partition = CounterId.Of("managed", "by-key", "rate-limit", $"{PeriodSeconds}", Key).Partition;
        for (var number = 0; number < 2; number++)
        {
            var silo = new SiloNode(world, number, Pace(random), random.NextInt64(1L << 40));
            world.Cluster.Join(silo);
            silo.Begin([partition]);
        }

        world.Cluster.SeeAll();
        var edges = new EdgeNode[count];
        for (var index = 0; index < count; index++)
        {
            edges[index] = Begin(index, 0);
        }

        switch (workload.Trouble)
        {
            case Trouble.MessagesLost:
                world.Network.Weather = new(0.01, 0, 0, 0);
                break;
            case Trouble.SiloLost:
                world.Timeline.At(90 * Second, () =>
                {
                    var holder = world.Cluster.Silos.Find(silo => silo.Has(partition))!;
                    holder.Kill();
                    world.Cluster.Evict(holder, Second);
                });
                break;
            case Trouble.EdgesDie:
                for (var life = 1; life * 20 * Second < Duration; life++)
                {
                    var (next, index) = (life, random.Next(count));
                    world.Timeline.At(life * 20 * Second, () =>
                    {
                        edges[index].Kill();
                        edges[index] = Begin(index, next);
                    });
                }

                break;
        }

        Arrive(Second / 10);
        world.Timeline.RunUntil(Duration);

        EdgeNode Begin(int index, int life)
        {
            var edge = new EdgeNode(world, index, life, Pace(random), random.NextInt64(1L << 40), new CounterOptions { Stamp = true });
            world.Cluster.Add(edge);
            return edge;
        }

        void Arrive(long at) => world.Timeline.At(at, () =>
        {
            var now = world.Timeline.Now;
            var rate = workload.Load(now) * limit / PeriodSeconds;
            var gap = (long)(-Math.Log(1 - random.NextDouble()) / rate * Second);
            if (gap > Second)
            {
                // Rates change: drawn anew after a while, which is the same for a process without memory.
                Arrive(now + Second);
                return;
            }

            world.Timeline.At(now + gap, () =>
            {
                var edge = edges[workload.Edge(random, world.Timeline.Now, count)];
                var arrival = world.Log.Arrive(edge.Name, null, 1);
                edge.Start(() => edge.TakeAsync(rule, Key, Simulation.Publication, arrival));
            });
            Arrive(now + Math.Max(1, gap));
        });
    }

    private static CostRun Judge(World world, int limit)
    {
        Assert.Empty(world.Timeline.Failures);
        var arrivals = world.Log.Arrivals.Where(arrival => arrival.DecidedAt is not null).ToArray();
        var ideal = new Queue<long>();
        var possible = 0;
        foreach (var arrival in arrivals)
        {
            while (ideal.TryPeek(out var oldest) && arrival.At - oldest >= PeriodSeconds * Second)
            {
                ideal.Dequeue();
            }

            if (ideal.Count < limit)
            {
                ideal.Enqueue(arrival.At);
                possible++;
            }
        }

        var calls = world.Log.Calls + SiloTelemetry.Recalls;
        return new(
            SlidingWindow.Excess([.. world.Log.Admissions.Select(admission => admission.At)], (long)(PeriodSeconds * Second * 0.996), limit).Excess,
            Math.Max(0, (double)(possible - world.Log.Admissions.Count) / possible),
            (double)calls / arrivals.Length,
            (double)arrivals.Count(arrival => arrival.DecidedAt > arrival.At) / arrivals.Length);
    }

    private static double Pace(Random random) => 1 + ((random.NextDouble() - 0.5) * 0.008);
}
