using Gateway.Contracts.Counters;
using Gateway.Edge.Counters;
using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Edge.Tests.Counters;

/// <summary>The counters of an edge over one fake partition, and a clock that a test moves.</summary>
internal sealed class LimitHarness : IDisposable
{
    private const double Beat = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PublicationHolder _publications = new();
    private readonly CounterEdge _edge;

    public LimitHarness(CounterOptions? options = null)
    {
        var clock = new CounterClock(Time);
        options ??= new();
        Contact = new(clock, options);
        Contact.NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        Site = new(options, clock, Contact, partition => { Partition = partition; return Silo; }, () => _edge!, NullLogger<CounterSite>.Instance);
        Limits = new(Site, _publications);
        _edge = new(Limits, Site);
        Apply(1);
    }

    public StallingTime Time { get; } = new();

    public FakePartition Silo { get; } = new();

    public SiloContact Contact { get; }

    public CounterSite Site { get; }

    public LimitTable Limits { get; }

    public ICounterEdge Edge => _edge;

    /// <summary>The partition that was asked last.</summary>
    public int Partition { get; private set; }

    public LimitRule Rule { get; set; } = new() { Calls = 100, PeriodSeconds = 60 };

    public CounterId Counter => Silo.Calls.First().Requests[0].Counter;

    public PublicationModel Apply(long number)
    {
        var applied = _publications.ApplyAsync(new TestPublication { Number = number }.Build(), CancellationToken.None);
        Assert.True(applied.GetAwaiter().GetResult().IsSuccess);
        return _publications.Current!;
    }

    public ValueTask<LimitDecision> TakeAsync(string key = "k", HttpContext? http = null, long count = 1, bool isEstimate = false) =>
        Limits.TakeAsync(Rule, key, Context(http), _publications.Current!, count, isEstimate);

    public async Task<LimitDecision> DecideAsync(string key = "k", long count = 1, bool isEstimate = false) =>
        await TakeAsync(key, count: count, isEstimate: isEstimate).AsTask().WaitAsync(Patience);

    /// <summary>The word on a request that must not wait.</summary>
    public LimitDecision Now(string key = "k", long count = 1, bool isEstimate = false)
    {
        var taking = TakeAsync(key, count: count, isEstimate: isEstimate);
        Assert.True(taking.IsCompletedSuccessfully, "The request waits.");
        return taking.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass as an edge sees it: beat by beat.</summary>
    public void Advance(double milliseconds)
    {
        for (var left = milliseconds; left > 0; left -= Beat)
        {
            Time.Advance(TimeSpan.FromMilliseconds(Math.Min(left, Beat)));
            Limits.Beat();
        }
    }

    public RequestScope Context(HttpContext? http = null) =>
        new(_publications.Current!, default, null!, Limits, null!, NullLogger.Instance) { Http = http ?? new DefaultHttpContext() };

    public void Dispose() => Limits.Dispose();
}
