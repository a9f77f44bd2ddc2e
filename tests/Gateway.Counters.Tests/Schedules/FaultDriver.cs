using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Nodes;
using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests.Schedules;

/// <summary>Lets go wrong what a schedule says, and puts it right again.</summary>
internal sealed class FaultDriver(World world, Schedule schedule, EdgeNode[] edges, Action<int> beginEdge, Action beginSilo)
{
    private static readonly Weather Storm = new(0.1, 0.2, 0.1, 2 * Second);

    // The others notice that a silo is gone.
    private const long Detection = 2 * Second;

    public void Begin(Fault fault)
    {
        var time = fault.For * Millisecond;
        var edge = edges[fault.Node % edges.Length];
        var silos = world.Cluster.Silos.Where(silo => !silo.IsDead).ToArray();
        var silo = silos.Length == 0 ? null : silos[fault.Node % silos.Length];
        switch (fault.Kind)
        {
            case FaultKind.EdgeKill:
                edge.Kill();
                After(time, () => beginEdge(edge.Index));
                break;
            case FaultKind.EdgeStop:
                edge.Stop();
                After(time, () => beginEdge(edge.Index));
                break;
            case FaultKind.EdgePause:
                edge.Pause(time);
                break;
            case FaultKind.EdgeSleep when edge.Sleep(time):
                world.Log.Sleeps.Add((edge.Name, world.Timeline.Now + time));
                break;
            case FaultKind.EdgeSleep:
                break;
            case FaultKind.EdgeStall:
                edge.Stall = (1 + fault.Other, time);
                break;
            case FaultKind.EdgeCut when silo is not null:
                Cut(edge, silos[fault.Other % silos.Length], time);
                Cut(silos[fault.Other % silos.Length], edge, time);
                break;
            case FaultKind.EdgeUnheard:
                Array.ForEach(silos, other => Cut(edge, other, time));
                break;
            case FaultKind.EdgeDeaf:
                Array.ForEach(silos, other => Cut(other, edge, time));
                break;
            case FaultKind.StoreStop:
                world.Store.IsStopped = true;
                After(time, () => world.Store.IsStopped = false);
                break;
            case FaultKind.StoreHang:
                world.Store.Pause(time);
                break;
            case FaultKind.StoreFlush:
                world.Store.Flush();
                break;
            case FaultKind.Step:
                ((Node?)(fault.Other % 2 == 0 ? silo : null) ?? edge).Clock.Stepped += TimeSpan.FromSeconds(fault.For - 4000);
                break;
            case FaultKind.StoreStep:
                // By up to a minute: it is the clock by which silos tell each other which edges they have heard lately.
                world.Store.Clock.Stepped += TimeSpan.FromMilliseconds(10 * (fault.For - 2000));
                break;
            case FaultKind.Storm:
                world.Network.Weather = Storm;
                After(time, () => world.Network.Weather = Weather.Calm);
                break;
            case FaultKind.SiloJoin:
                beginSilo();
                break;
            default:
                if (silo is not null)
                {
                    Begin(fault.Kind, silo, silos[fault.Other % silos.Length], time, fault.Other);
                }

                break;
        }
    }

    /// <summary>Everything is right again, and stays so.</summary>
    public void Heal()
    {
        world.Network.Heal();
        world.Network.Weather = Weather.Calm;
        world.Store.IsStopped = false;
        (world.Store.Content.IsFenceless, world.Store.Content.IsCareless) = (false, false);
        for (var index = 0; index < edges.Length; index++)
        {
            edges[index].Stall = default;
            if (edges[index].IsDead || edges[index].IsStopping)
            {
                beginEdge(index);
            }
        }

        foreach (var silo in world.Cluster.Silos)
        {
            silo.Stall = default;
        }

        if (world.Cluster.Silos.TrueForAll(silo => silo.IsDead || silo.IsStopping))
        {
            beginSilo();
        }

        world.Cluster.SeeAll();
        Reconnect();
    }

    private void Begin(FaultKind kind, SiloNode silo, SiloNode other, long time, int looks)
    {
        switch (kind)
        {
            case FaultKind.SiloKill:
                silo.Kill();
                world.Cluster.Evict(silo, world.Random.NextInt64(Detection));
                Reconnect();
                After(time, BeginSilo);
                break;
            case FaultKind.SiloPause:
                silo.Pause(time);
                Suspect(silo, time);
                break;
            case FaultKind.SiloStall:
                silo.Stall = (1 + looks, time);
                Suspect(silo, time + Second);
                break;
            case FaultKind.SiloStop:
                silo.Stop();
                After(time, BeginSilo);
                break;
            case FaultKind.SiloSplit:
                Cut(silo, other, time);
                Cut(other, silo, time);
                Split(silo, other, time);
                break;
            case FaultKind.StoreCut:
                Cut(silo, world.Store, time);
                Cut(world.Store, silo, time);
                break;
            case FaultKind.StoreMute:
                Cut(world.Store, silo, time);
                break;
        }
    }

    // A silo that stands still for long is counted as gone; it hears of it when it goes on, and ends itself.
    private void Suspect(SiloNode silo, long time)
    {
        if (time > Detection && world.Random.Next(2) == 0 && world.Cluster.Silos.Exists(other => other != silo && !other.IsDead))
        {
            world.Cluster.Evict(silo, Detection);
            After(time + world.Random.NextInt64(Second), () =>
            {
                silo.Kill();
                beginSilo();
                Reconnect();
            });
        }
    }

    private void Split(SiloNode silo, SiloNode other, long time)
    {
        if (silo == other)
        {
            return;
        }

        silo.See(silo.View.Where(seen => seen != other));
        other.See(other.View.Where(seen => seen != silo));
        After(time, () =>
        {
            silo.See(silo.View.Append(other).Where(seen => !seen.IsDead));
            other.See(other.View.Append(silo).Where(seen => !seen.IsDead));
        });
    }

    private void BeginSilo()
    {
        beginSilo();
        Reconnect();
    }

    // Edges notice at once when the last silo is gone, and when the first one is back.
    private void Reconnect()
    {
        var isUp = world.Cluster.Silos.Exists(silo => !silo.IsDead);
        foreach (var edge in edges)
        {
            edge.Run(() => edge.IsConnected = isUp);
        }
    }

    private void Cut(Node from, Node to, long time)
    {
        world.Network.Cut(from, to);
        After(time, () => world.Network.Heal(from, to));
    }

    private void After(long time, Action action) => world.Timeline.After(time, () =>
    {
        if (world.Timeline.Now < schedule.Chaos * Millisecond)
        {
            action();
        }
    });
}
