using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Mutations;
using Gateway.Counters.Tests.Nodes;
using Gateway.Counters.Tests.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests;

/// <summary>
/// Runs a schedule with requests of which only so many may run at the same time over the site: judged whenever one begins. In the end, when all is well and nobody
/// runs any more, all places have to be there.
/// </summary>
internal sealed class PlaceSimulation
{
    private const string Key = "k";

    // What stands still cannot end its requests before it goes on and looks at its clock.
    private const long Beat = 100 * Millisecond;

    // A killed edge's places come back within this.
    private const long Settling = 25 * Second;

    private readonly Schedule _schedule;
    private readonly ScheduledSite _site;
    private readonly World _world;
    private readonly Random _random;
    private readonly HashSet<Running> _running = [];

    private PlaceSimulation(Schedule schedule, Mistake mistake)
    {
        (_schedule, _random) = (schedule, new(schedule.Seed + 1));
        _site = new(schedule, CounterId.Of("managed", "by-key", "limit-concurrency", Key).Partition, new(), mistake);
        _world = _site.World;
    }

    /// <summary>Requests that ran.</summary>
    public int Ran { get; private set; }

    /// <summary>Requests that were cut off because their places were lost.</summary>
    public int Aborted { get; private set; }

    /// <summary>The most that ran at the same time.</summary>
    public int Most { get; private set; }

    /// <summary>Broken rules.</summary>
    public IReadOnlyList<string> Failures => _world.Timeline.Failures;

    /// <summary>Runs a schedule and judges it.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="mistake">What is done wrong; null for nothing.</param>
    public static PlaceSimulation Run(Schedule schedule, Mistake? mistake = null)
    {
        var simulation = new PlaceSimulation(schedule, mistake ?? new());
        using (simulation._site)
        {
            simulation.Run();
            return simulation;
        }
    }

    private void Run()
    {
        _site.Begin();
        var healed = _schedule.Chaos * Millisecond;
        for (var at = Second / 2; at < healed;)
        {
            at += Math.Max(1, (long)(-Math.Log(1 - _random.NextDouble()) / (_schedule.Load * _schedule.Limit) * Second));
            var (edge, time) = (_random.Next(_site.Edges.Length), _random.NextInt64(2 * Second));
            _world.Timeline.At(at, () => Request(_site.Edges[edge], time));
        }

        var end = healed + Settling;
        _world.Timeline.RunUntil(end);
        for (var number = 0; number < _schedule.Limit; number++)
        {
            var edge = _site.Edges[number % _site.Edges.Length];
            _world.Timeline.At(end + (number * 20 * Millisecond), () => Request(edge, 20 * Second));
        }

        var before = _running.Count;
        _world.Timeline.RunUntil(end + (6 * Second));
        if (_running.Count != _schedule.Limit)
        {
            _world.Timeline.Failures.Add($"All is well, and {_running.Count} of {_schedule.Limit} requests run; {before} ran before.");
        }
    }

    private void Request(EdgeNode edge, long time)
    {
        if (edge.IsDead || edge.IsStopping)
        {
            return;
        }

        var running = new Running(this, edge);
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(running);
        edge.Start(async () =>
        {
            if (await edge.EnterAsync(Key, _schedule.Limit, http) is not { } place || edge.IsDead || running.IsOver)
            {
                return;
            }

            Begin(running);
            _world.Timeline.At(_world.Timeline.Now + time, edge, Happening.Run, () =>
            {
                running.End();
                place.Leave();
            });
        });
    }

    private void Begin(Running running)
    {
        Ran++;
        _running.Add(running);
        _running.RemoveWhere(other => other.Edge.IsDead);
        var now = _running.Count(other => !other.Edge.IsPaused && _world.Timeline.Now - Beat > other.Edge.WentOnAt);
        Most = Math.Max(Most, now);
        if (now > _schedule.Limit)
        {
            _world.Timeline.Failures.Add($"{_world.Timeline.Now}: {now} requests run, of {_schedule.Limit}.");
        }
    }

    private sealed class Running(PlaceSimulation simulation, EdgeNode edge) : IHttpRequestLifetimeFeature
    {
        public EdgeNode Edge { get; } = edge;

        public bool IsOver { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            simulation.Aborted++;
            End();
        }

        public void End()
        {
            IsOver = true;
            simulation._running.Remove(this);
        }
    }
}
