using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Mutations;
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

    // An edge that was missed has its share besides what others are left, until it has been heard for so long.
    private const long Returning = 22 * Second;

    /// <summary>The publication in force on all edges at first.</summary>
    public static readonly PublicationModel Publication = Make(1);

    private static readonly PublicationModel Next = Make(2);

    private readonly Schedule _schedule;
    private readonly ScheduledSite _site;
    private readonly World _world;
    private readonly Random _requests;
    private readonly bool[] _isChanged;
    private readonly string? _key;
    private readonly LimitRule _rule;
    private readonly LimitRule? _next;

    private Simulation(Schedule schedule, Mistake mistake)
    {
        _schedule = schedule;
        _requests = new(schedule.Seed + 1);
        _key = schedule.Change is null ? Key : null;
        _rule = schedule.IsQuota ? Quota() : Rule(schedule.Limit, schedule.PeriodSeconds);
        _next = schedule.Change is { } change ? Rule(change.Limit, change.PeriodSeconds) : null;
        _isChanged = new bool[schedule.Edges];
        _site = new(schedule, Counter().Partition, schedule.IsAhead ? new() { Stamp = true, AheadFrom = 1 } : new() { Stamp = true }, mistake);
        _world = _site.World;
    }

    /// <summary>Runs a schedule and judges it.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="mistake">What is done wrong; null for nothing.</param>
    public static Verdict Run(Schedule schedule, Mistake? mistake = null)
    {
        var simulation = new Simulation(schedule, mistake ?? new());
        using (simulation._site)
        {
            return simulation.Run();
        }
    }

    private Verdict Run()
    {
        _site.Begin();

        // Not before partitions have begun.
        _world.Timeline.At(Second, () => (_world.Store.Content.IsFenceless, _world.Store.Content.IsCareless) = (_schedule.IsFenceless, _schedule.IsCareless));
        if (_schedule.Change is { } change)
        {
            for (var index = 0; index < _isChanged.Length; index++)
            {
                var edge = index;
                _world.Timeline.At((change.At * Millisecond) + _requests.NextInt64(Second), () => _isChanged[edge] = true);
            }
        }

        if (_schedule.OnOutage == LimitOutage.Escrow)
        {
            // Their number is known from the first answer on: it decides about the shares.
            _world.Timeline.At(Second / 2, () => Array.ForEach(_site.Edges, edge => Request(edge, null, 1)));
        }

        var settled = (_schedule.Chaos * Millisecond) + Settling;
        Arrive(Second / 2, settled + (2 * Second));
        _world.Timeline.RunUntil(settled + (2 * Second));

        // Quiet, until nothing counts any more; then the whole limit is there. Of a quota that never ends only what is left.
        var (limit, period) = _schedule.Final;
        _world.Timeline.RunUntil(_schedule.IsPeriodic ? NextPeriod() : QuietEnds(settled));
        var began = _world.Timeline.Now;
        var first = _world.Log.Arrivals.Count;
        for (var number = 0; number < limit; number++)
        {
            _world.Timeline.At(began + (number * period * Second / 2 / limit), () => Request(_site.Edges[0], null, 1));
        }

        _world.Timeline.RunUntil(began + (period * Second) + (6 * Second));
        return Verdict.Of(_schedule, _world, settled, _schedule is { IsQuota: true, IsPeriodic: false } ? _world.Log.Arrivals.Count : first);
    }

    private long QuietEnds(long settled)
    {
        var longest = Math.Max(_schedule.Final.PeriodSeconds, _schedule.PeriodSeconds);
        var over = settled + (2 * Second) + (longest * Second * 11 / 10) + (5 * Second / 2);
        return _schedule.OnOutage == LimitOutage.Escrow ? Math.Max(over, (_schedule.Chaos * Millisecond) + Returning) : over;
    }

    // The one after the next, when all holders know that it has begun.
    private long NextPeriod()
    {
        var period = _schedule.PeriodSeconds * Second;
        var into = _world.Store.Clock.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond % period;
        return _world.Timeline.Now + (2 * period) - into + (Second / 2);
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
            var edge = _schedule.IsSkewed && _requests.Next(10) > 0 ? (int)(at / (2 * Second) % _site.Edges.Length) : _requests.Next(_site.Edges.Length);
            var count = _requests.Next(_schedule.Tokens) + 1;
            _world.Timeline.At(at, () => Request(_site.Edges[edge], back, count));
        }
    }

    private void Request(EdgeNode edge, long? givenBackAfter, int count)
    {
        if (edge is { IsDead: false, IsStopping: false })
        {
            var arrival = _world.Log.Arrive(edge.Name, givenBackAfter, count);
            var isChanged = _isChanged[edge.Index];
            edge.Start(() => edge.TakeAsync(isChanged ? _next! : _rule, _key, isChanged ? Next : Publication, arrival));
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

    private LimitRule Quota() => new()
    {
        Calls = _schedule.Limit, PeriodSeconds = _schedule.IsPeriodic ? _schedule.PeriodSeconds : 0, Kind = LimitKind.CallQuota, FirstPeriodStart = DateTimeOffset.MinValue,
    };

    private LimitRule Rule(int calls, int period) => new() { Calls = calls, PeriodSeconds = period, OnOutage = _schedule.OnOutage, Scope = PolicyScope.Global };

    private CounterId Counter() =>
        _key is null
            ? CounterId.Of("managed", "rate-limit", PolicyScope.Global.Name(), "", "", "", EdgeNode.Subscription.Id)
            : CounterNames.OfKey("managed", _rule, Key).Id;
}
