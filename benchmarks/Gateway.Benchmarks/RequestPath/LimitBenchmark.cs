using BenchmarkDotNet.Attributes;
using Gateway.Contracts.Counters;
using Gateway.Edge.Callers;
using Gateway.Edge.Counters;
using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>The decision of a limit whose tokens are in hand, and of one whose window is spent, among 10 000 counters.</summary>
public class LimitBenchmark
{
    private const int Counters = 10_000;

    private readonly LimitRule _subscribers = new() { Calls = int.MaxValue, PeriodSeconds = 300, Scope = PolicyScope.Api };
    private readonly LimitRule _keys = new() { Calls = int.MaxValue, PeriodSeconds = 300 };
    private readonly LimitRule _spent = new() { Calls = 1, PeriodSeconds = 300 };
    private LimitTable _limits = null!;
    private PublicationModel _publication = null!;
    private RequestScope _request = null!;

    /// <summary>Builds the counters and gets their tokens.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _publication = SamplePublication.Build(apis: 1);
        var clock = new CounterClock(TimeProvider.System);
        var options = new CounterOptions();
        var site = new CounterSite(options, clock, new SiloContact(clock, options), _ => new Generous(), () => null!, NullLogger<CounterSite>.Instance);
        _limits = new LimitTable(site, new PublicationHolder());
        var api = _publication.AllApis.Single();
        for (var i = 0; i < Counters; i++)
        {
            var header = new DefaultHttpContext();
            header.Request.Headers["Ocp-Apim-Subscription-Key"] = SamplePublication.Key(i);
            _request = new RequestScope(_publication, default, null!, _limits, null!, NullLogger.Instance) { Http = header };
            _request.Enter(api, null);
            _request.Admit(Caller.Find(_publication.Callers, api, header.Request));
            _ = Take(_subscribers, null) && Take(_keys, $"client-{i:D8}-0123456789abcdef");
        }

        _ = Take(_spent, "spent");
        if (!BySubscription() || !ByKey() || Spent())
        {
            throw new InvalidOperationException("The limits do not decide as they should.");
        }
    }

    /// <summary><c>rate-limit</c>.</summary>
    [Benchmark]
    public bool BySubscription() => Take(_subscribers, null);

    /// <summary><c>rate-limit-by-key</c>, a key of 32 characters.</summary>
    [Benchmark]
    public bool ByKey() => Take(_keys, "client-00004711-0123456789abcdef");

    /// <summary>A window that is spent.</summary>
    [Benchmark]
    public bool Spent() => Take(_spent, "spent");

    private bool Take(LimitRule rule, string? key)
    {
        var taking = _limits.TakeAsync(rule, key, _request, _publication);
        var decision = taking.IsCompletedSuccessfully ? taking.Result : taking.AsTask().GetAwaiter().GetResult();
        return decision.Verdict == LimitVerdict.Admitted;
    }

    /// <summary>Grants more than a benchmark uses, or says that all is spent.</summary>
    private sealed class Generous : ICounterPartitionGrain
    {
        public Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken) => Task.FromResult(new LeaseAnswer
        {
            Epoch = 1,
            Replies = [.. call.Requests.Select(request => request.Definition.Limit == 1
                ? new LeaseReply { IsSpent = true, RetryAfterMilliseconds = 300_000, ActiveEdges = 1 }
                : new LeaseReply { Granted = 1L << 40, Grant = 1, ValidForMilliseconds = int.MaxValue, ActiveEdges = 1 })],
        });
    }
}
