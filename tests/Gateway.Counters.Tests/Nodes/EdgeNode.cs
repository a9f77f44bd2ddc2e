using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Judging;
using Gateway.Edge.Callers;
using Gateway.Edge.Counters;
using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>One life of an edge: the real limits, with the model's network instead of a cluster client.</summary>
internal sealed class EdgeNode : Node, IDisposable
{
    private static readonly SubscriptionModel Caller = new(new() { Id = "s", DisplayName = "s", Scope = "/apis", PrimaryKeyHash = "", SecondaryKeyHash = "" });

    private readonly PublicationHolder _publications = new();
    private readonly RequestScope _scope;
    private readonly LimitTable _limits;
    private readonly CounterSite _site;
    private readonly SiloContact _contact;
    private readonly EdgeReference _reference;
    private readonly HashSet<int> _used = [];
    private readonly World _world;
    private readonly ITimer _beat;
    private long _sinceSweep;

    public EdgeNode(World world, int index, int life, double pace, long offset, CounterOptions options) : base(world.Timeline, $"edge-{index}-{life}", pace, offset)
    {
        (_world, Index) = (world, index);
        var clock = new CounterClock(Clock);
        _contact = new(clock, options);
        _contact.NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        _reference = new(this, world);
        _site = new(options, clock, _contact, Partition, () => _reference, NullLogger<CounterSite>.Instance) { Edge = new(index, (short)life, 1, 0, 0, 0, 0, 0, 0, 0, 1) };
        _limits = new(_site, _publications);
        Edge = new(_limits, _site);
        _scope = new(null!, default, null!, _limits, null!, NullLogger.Instance) { Http = new DefaultHttpContext() };
        _scope.Admit(new(CallerVerdict.Admitted, Caller, null));
        _beat = Beat(options.Beat);
    }

    /// <summary>Who makes all requests.</summary>
    public static SubscriptionInfo Subscription => Caller.Info;

    /// <summary>Its place among the edges of the site; a new life takes over its predecessor's.</summary>
    public int Index { get; }

    /// <summary>This life.</summary>
    public Guid Id => _site.Edge;

    /// <summary>What partitions call.</summary>
    public CounterEdge Edge { get; }

    /// <summary>As silos reach it.</summary>
    public ICounterEdge Reference => _reference;

    /// <summary>Whether a connection to any silo is open.</summary>
    public bool IsConnected
    {
        set => _contact.NotifyGatewayCountChanged(value ? 1 : 0, value ? 0 : 1, connectionRecovered: value);
    }

    /// <summary>True when it ends as planned: it takes no more requests.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Ends as planned: gives back what it has, and is gone.</summary>
    public void Stop() => Start(async () =>
    {
        IsStopping = true;
        _beat.Dispose();
        await Task.WhenAny(_limits.QuitAsync(), Task.Delay(_site.Options.QuitPatience, Clock));
        Kill();
    });

    /// <inheritdoc />
    public void Dispose() => _limits.Dispose();

    /// <summary>A client's request, under the publication that was in force when it came.</summary>
    public async Task TakeAsync(LimitRule rule, string? key, PublicationModel publication, Arrival arrival)
    {
        // At once where it is decided: an edge that stands still later decided in time.
        var decision = await _limits.TakeAsync(rule, key, _scope, publication, arrival.Count).ConfigureAwait(false);
        if (!IsDead)
        {
            _world.Log.Decided(arrival, decision);
            if (arrival.GivenBackAfter is { } time && decision.Grant is { } grant)
            {
                Timeline.At(Timeline.Now + time, this, Happening.Run, () => grant.GiveBack(arrival.Count));
            }
        }
    }

    /// <summary>A client's request for a place among those that may run at the same time.</summary>
    public async Task<ILimitPlace?> EnterAsync(string key, int most, HttpContext http) =>
        (await _limits.SitePlaces.EnterAsync(key, most, http).ConfigureAwait(false)).Place;

    private ICounterPartitionGrain Partition(int number)
    {
        _used.Add(number);
        return new PartitionReference(this, number, _world);
    }

    // As the edge's service does, for the partitions that are in use.
    private ITimer Beat(TimeSpan period) => Clock.CreateTimer(
        _ =>
        {
            foreach (var number in _used)
            {
                _limits.Partitions[number].Beat();
            }

            _sinceSweep += period.Ticks;
            if (_sinceSweep >= _site.Options.SweepPeriod.Ticks)
            {
                _sinceSweep = 0;
                _limits.Sweep();
            }
        },
        null, period, period);
}
