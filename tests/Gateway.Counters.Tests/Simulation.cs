using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Nodes;
using Gateway.Counters.Tests.Schedules;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Edge.Callers;
using Gateway.Edge.Counters;
using Gateway.Edge.Matching;
using Gateway.Edge.Models;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests;

/// <summary>Runs a schedule: faults, then everything is healed, a time to settle, a quiet window, and at last as many requests as the limit.</summary>
internal sealed class Simulation
{
    private const string Key = "k";
    private const long Settling = 12 * Second;

    /// <summary>The publication in force on all edges.</summary>
    public static readonly PublicationModel Publication = Make(1);

    private static readonly PublicationModel Next = Make(2);

    private readonly Schedule _schedule;
    private readonly World _world;
    private readonly Random _requests;
    private readonly EdgeNode[] _edges;
    private readonly bool[] _isChanged;
    private readonly string? _key;
    private readonly LimitRule _rule;
    private readonly LimitRule? _next;
    private readonly CounterOptions _options;
    private readonly int[] _partitions;
    private int _lives;

    private Simulation(Schedule schedule)
    {
        _schedule = schedule;
        _requests = new(schedule.Seed + 1);
        var paces = new Random(schedule.Seed + 2);
        Pace = () => 1 + ((paces.NextDouble() - 0.5) * schedule.Drift / 1000);
        _world = new(schedule.Seed, Pace());
        _key = schedule.Change is null ? Key : null;
        _rule = schedule.IsQuota
            ? new() { Calls = schedule.Limit, PeriodSeconds = 0, Kind = LimitKind.CallQuota, FirstPeriodStart = DateTimeOffset.UnixEpoch }
            : Rule(schedule.Limit, schedule.PeriodSeconds);
        _next = schedule.Change is { } change ? Rule(change.Limit, change.PeriodSeconds) : null;
        _isChanged = new bool[schedule.Edges];
        _options = schedule.IsAhead ? new() { Stamp = true, AheadFrom = 1 } : new() { Stamp = true };
        _edges = new EdgeNode[schedule.Edges];
        _partitions = [Counter().Partition];
    }

    public World World => _world;

    private Func<double> Pace { get; }

    /// <summary>Runs a schedule and judges it.</summary>
    public static Verdict Run(Schedule schedule)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        SiloTelemetry.Reset();
        var simulation = new Simulation(schedule);
        try
        {
            return simulation.Run();
        }
        finally
        {
            foreach (var edge in simulation._world.Cluster.Lives)
            {
                edge.Dispose();
            }

            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private Verdict Run()
    {
        var faults = new FaultDriver(_world, _schedule, _edges, BeginEdge, BeginSilo);
        for (var index = 0; index < _schedule.Silos; index++)
        {
            BeginSilo();
        }

        _world.Cluster.SeeAll();
        for (var index = 0; index < _edges.Length; index++)
        {
            BeginEdge(index);
        }

        var healed = _schedule.Chaos * Millisecond;
        var settled = healed + Settling;
        foreach (var fault in _schedule.Faults)
        {
            _world.Timeline.At(fault.At * Millisecond, () => faults.Begin(fault));
        }

        // Not before partitions have begun.
        _world.Timeline.At(Second, () => (_world.Store.Content.IsFenceless, _world.Store.Content.IsCareless) = (_schedule.IsFenceless, _schedule.IsCareless));
        if (_schedule.Change is { } change)
        {
            for (var index = 0; index < _edges.Length; index++)
            {
                var edge = index;
                _world.Timeline.At((change.At * Millisecond) + _requests.NextInt64(Second), () => _isChanged[edge] = true);
            }
        }

        _world.Timeline.At(healed, faults.Heal);
        Arrive(Second / 2, settled + (2 * Second));
        _world.Timeline.RunUntil(settled + (2 * Second));

        if (_schedule.IsQuota)
        {
            return Verdict.Of(_schedule, _world, settled, _world.Log.Arrivals.Count);
        }

        // Quiet, until nothing counts any more; then the whole limit is there.
        var (limit, period) = _schedule.Final;
        var quiet = settled + (2 * Second) + (Math.Max(period, _schedule.PeriodSeconds) * Second * 11 / 10) + (5 * Second / 2);
        _world.Timeline.RunUntil(quiet);
        var full = Enumerable.Range(0, limit).Select(number => _world.Timeline.Now + (number * period * Second / 2 / limit)).ToArray();
        var first = _world.Log.Arrivals.Count;
        foreach (var at in full)
        {
            _world.Timeline.At(at, () => Request(_edges[0], null, 1));
        }

        _world.Timeline.RunUntil(quiet + (period * Second) + (6 * Second));
        return Verdict.Of(_schedule, _world, settled, first);
    }

    private void BeginEdge(int index)
    {
        var edge = new EdgeNode(_world, index, ++_lives, Pace(), _world.Random.NextInt64(1L << 40), _options) { Publication = Publication };
        _edges[index] = edge;
        _world.Cluster.Add(edge);
    }

    private void BeginSilo()
    {
        var silo = new SiloNode(_world, _world.Cluster.Silos.Count, Pace(), _world.Random.NextInt64(1L << 40));
        _world.Cluster.Join(silo);
        silo.Begin(_partitions);
    }

    private void Arrive(long from, long until)
    {
        var rate = _schedule.Load * _schedule.Limit / _schedule.PeriodSeconds;
        var burst = _schedule.PeriodSeconds * Second;
        for (var at = from; at < until;)
        {
            var now = _schedule.IsBursty ? (at / burst % 3 == 0 ? 3 * rate : rate / 10) : rate;
            at += Math.Clamp((long)(-Math.Log(1 - _requests.NextDouble()) / now * Second), 1, Second);
            long? back = _requests.NextDouble() < _schedule.GivenBack ? _requests.NextInt64(_requests.Next(2) == 0 ? Millisecond : 3 * Second / 2) : null;
            var edge = _schedule.IsSkewed && _requests.Next(10) > 0 ? (int)(at / (2 * Second) % _edges.Length) : _requests.Next(_edges.Length);
            var count = _requests.Next(_schedule.Tokens) + 1;
            _world.Timeline.At(at, () => Request(_edges[edge], back, count));
        }
    }

    private void Request(EdgeNode edge, long? givenBackAfter, int count)
    {
        if (!edge.IsDead)
        {
            var arrival = _world.Log.Arrive(edge.Name, givenBackAfter, count);
            var isChanged = _isChanged[edge.Index];
            edge.Publication = isChanged ? Next : Publication;
            edge.Start(() => edge.TakeAsync(isChanged ? _next! : _rule, _key, arrival));
        }
    }

    private static PublicationModel Make(long number) => new()
    {
        Id = new PublicationId("model", number),
        ExpressionAbi = null,
        Service = null!,
        Pages = [],
        Apis = ApiTable.Empty,
        Callers = CallerTable.Empty,
    };

    private LimitRule Rule(int calls, int period) => new() { Calls = calls, PeriodSeconds = period, OnOutage = _schedule.OnOutage, Scope = PolicyScope.Global };

    private CounterId Counter() =>
        _key is null
            ? CounterId.Of("managed", "rate-limit", PolicyScope.Global.Name(), "", "", "", EdgeNode.Subscription.Id)
            : CounterNames.OfKey("managed", _rule, Key).Id;
}
