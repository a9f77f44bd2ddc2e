using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>How many requests run at the same time over the whole site, by key.</summary>
internal sealed class SitePlaces(CounterSite site, IReadOnlyList<CounterPartition> partitions)
{
    private readonly ConcurrentDictionary<string, PlaceCounter> _known = new(StringComparer.Ordinal);

    /// <summary>Asks for a place.</summary>
    /// <param name="key">Which requests count together.</param>
    /// <param name="most">How many at the same time, 1 and up.</param>
    /// <param name="http">The request; it is aborted when its place is lost.</param>
    public ValueTask<PlaceDecision> EnterAsync(string key, int most, HttpContext http)
    {
        if (Find(key) is not { } counter)
        {
            return new(Note(new(LimitVerdict.Undecided, null)));
        }

        var waiter = counter.Partition.Enter(counter, http, most, out var decision);
        return waiter is null ? new(Note(decision)) : WaitAsync(waiter, http.RequestAborted);
    }

    /// <summary>How operators know those of some counters whose key is short.</summary>
    public IEnumerable<CounterTitle> Titles(IReadOnlySet<CounterId> counters) =>
        _known.Where(known => counters.Contains(known.Value.Id)).Select(known => new CounterTitle(known.Value.Id, "limit-concurrency", site.Options.Gateway, known.Key));

    /// <summary>Forgets the names of counters that are not kept.</summary>
    public void Sweep()
    {
        foreach (var known in _known)
        {
            if (known.Value.IsDropped)
            {
                _known.TryRemove(known);
            }
        }
    }

    private PlaceCounter? Find(string key)
    {
        if (_known.TryGetValue(key, out var known) && !known.IsDropped)
        {
            return known;
        }

        var id = CounterId.Of(site.Options.Gateway, "by-key", "limit-concurrency", key);
        var counter = partitions[id.Partition].FindPlaces(id);
        if (counter is not null && key.Length <= LimitTable.LongestKeptKey)
        {
            _known[key] = counter;
        }

        return counter;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<PlaceDecision> WaitAsync(PlaceWaiter waiter, CancellationToken aborted)
    {
        using var registration = aborted.UnsafeRegister(static (state, token) => ((PlaceWaiter)state!).TrySetCanceled(token), waiter);
        return Note(await waiter.Task);
    }

    private static PlaceDecision Note(in PlaceDecision decision)
    {
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            LimitTelemetry.CountRefusal(decision.Verdict, isShadow: false);
        }

        return decision;
    }
}
