using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Gateway.Contracts.Counters;
using Gateway.Edge.Models;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>Finds the counter of a request, by references or by its key, without making its name each time.</summary>
internal sealed class LimitTable : IDisposable
{
    /// <summary>Longer keys are not kept: their counters are found by their hash.</summary>
    public const int LongestKeptKey = 256;

    private readonly ConcurrentDictionary<Caller, Entry> _callers = new();
    private readonly ConcurrentDictionary<Key, Entry> _keys = new();
    private readonly CounterPartition[] _partitions;
    private readonly CounterSite _site;
    private readonly PublicationHolder _publications;
    private int _round;

    public LimitTable(CounterSite site, PublicationHolder publications)
    {
        (_site, _publications) = (site, publications);
        _partitions = [.. Enumerable.Range(0, CounterId.Partitions).Select(number => new CounterPartition(number, site))];
        SitePlaces = new(site, _partitions);
        Meter = LimitTelemetry.Watch(site, () => Bound);
    }

    /// <summary>The partitions by number.</summary>
    public IReadOnlyList<CounterPartition> Partitions => _partitions;

    /// <summary>How many requests are at a place at the same time, on this edge.</summary>
    public ConcurrencyTable Concurrency { get; } = new();

    /// <summary>How many requests are at a place at the same time, on all edges.</summary>
    public SitePlaces SitePlaces { get; }

    /// <summary>What may pass here without tokens in one window now, over all counters; null when that is not bounded.</summary>
    public long? Bound => _partitions.Aggregate((long?)0, (bound, partition) => bound + partition.Bound);

    /// <summary>Lets the counters be watched.</summary>
    public Meter Meter { get; }

    /// <summary>True: requests tell their backends which tokens let them pass.</summary>
    public bool Stamps => _site.Options.Stamp;

    /// <inheritdoc />
    public void Dispose()
    {
        Meter.Dispose();
        Array.ForEach(_partitions, partition => partition.Dispose());
    }

    /// <summary>Takes tokens, all or none.</summary>
    /// <param name="rule">The limit.</param>
    /// <param name="key">The key; null for the caller's own counter.</param>
    /// <param name="context">The request.</param>
    /// <param name="publication">What was in force when it began.</param>
    /// <param name="count">How many, 1 and up.</param>
    /// <param name="isEstimate">True when the request says at its end what it has used.</param>
    public ValueTask<LimitDecision> TakeAsync(
        LimitRule rule, string? key, PolicyContext context, PublicationModel publication, long count = 1, bool isEstimate = false)
    {
        if (Find(rule, key, context, publication) is not { } counter)
        {
            return new(Note(Decisions.Undecided, rule, context));
        }

        if (!counter.Knows(rule, publication))
        {
            counter.Partition.Redefine(counter, rule, publication, ReferenceEquals(publication, _publications.Current));
        }

        if (!isEstimate && counter.TryTake(count, out var decision))
        {
            return new(Note(decision, rule, context));
        }

        var outage = rule.OnOutage ?? (rule.Kind == LimitKind.Rate ? _site.Options.OnOutage : _site.Options.QuotaOutage);
        return TakeLater(counter, new(count, isEstimate, outage), rule, context);
    }

    /// <summary>Looks after leases and waiting requests.</summary>
    public void Beat() => Array.ForEach(_partitions, partition => partition.Beat());

    /// <summary>How operators know those of some counters that are found by a caller or a short key. Looks through all of them.</summary>
    public CounterTitle[] Titles(IReadOnlySet<CounterId> counters) =>
    [
        .. _callers.Where(known => counters.Contains(known.Value.Counter.Id)).Select(known => Title(known.Value.Counter, "rate-limit", known.Key.Text))
            .Concat(_keys.Where(known => counters.Contains(known.Value.Counter.Id)).Select(known => Title(known.Value.Counter, "rate-limit-by-key", known.Key.Text)))
            .Concat(SitePlaces.Titles(counters))
            .DistinctBy(title => title.Counter),
    ];

    /// <summary>Drops what nobody uses.</summary>
    public void Sweep()
    {
        var round = Interlocked.Increment(ref _round);
        Drop(_callers, round);
        Drop(_keys, round);
        SitePlaces.Sweep();
        Array.ForEach(_partitions, partition => partition.Sweep());
    }

    /// <summary>
    /// The edge ends as planned, and its requests have ended: gives back all tokens, places and shares, so that others need not wait until they end.
    /// </summary>
    /// <returns>Done when all partitions have heard of it, which one that does not answer never does.</returns>
    public async Task QuitAsync()
    {
        // All at once, and each awaited where this runs: Task.WhenAll would go on elsewhere.
        foreach (var quit in _partitions.Select(partition => partition.Exchange.QuitAsync()).ToArray())
        {
            await quit;
        }
    }

    private CounterTitle Title(LeasedCounter counter, string kind, string key) =>
        counter.Label is { } label ? CounterTitle.Of(counter.Id, label) : new(counter.Id, kind, _site.Options.Gateway, QuotaLabel.Cut(key));

    private static void Drop<T>(ConcurrentDictionary<T, Entry> entries, int round) where T : notnull
    {
        foreach (var (key, entry) in entries)
        {
            if (round - entry.Round > 2 || entry.Counter.IsDropped)
            {
                entries.TryRemove(key, out _);
            }
        }
    }

    private static LimitDecision Note(in LimitDecision decision, LimitRule rule, PolicyContext context)
    {
        if (decision.Verdict == LimitVerdict.Admitted)
        {
            return decision;
        }

        LimitTelemetry.CountRefusal(decision.Verdict, rule.IsShadow);
        if (!rule.IsShadow)
        {
            return decision;
        }

        context.NoteShadowRefusal(rule.Policy);
        return Decisions.Pass;
    }

    private ValueTask<LimitDecision> TakeLater(LeasedCounter counter, in TokenWish wish, LimitRule rule, PolicyContext context)
    {
        var waiter = Take(counter, wish, out var decision);
        if (waiter is null)
        {
            return new(Note(decision, rule, context));
        }

        if (!rule.IsShadow)
        {
            return WaitAsync(counter, waiter, rule, context, context.Http.RequestAborted);
        }

        // Nobody waits for a limit that refuses nobody.
        _ = WaitAsync(counter, waiter, rule, context, CancellationToken.None).AsTask();
        return new(Decisions.Pass);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LimitDecision> WaitAsync(LeasedCounter counter, TokenWaiter first, LimitRule rule, PolicyContext context, CancellationToken aborted)
    {
        var began = _site.Clock.Now;
        var waited = TimeSpan.Zero;
        LimitDecision decision = default;
        for (var waiter = first; waiter is not null;)
        {
            using (aborted.UnsafeRegister(static (state, token) => ((TokenWaiter)state!).TrySetCanceled(token), waiter))
            {
                decision = await waiter.Task;
            }

            // Before the last look at the clock, which tells whether the tokens may be used.
            waited = _site.Clock.Time.GetElapsedTime(began);
            waiter = IsInTime(decision, waiter.Count) ? null : Take(counter, waiter.Wish, out decision);
        }

        LimitTelemetry.MeasureWait(waited);
        return Note(decision, rule, context);
    }

    private TokenWaiter? Take(LeasedCounter counter, in TokenWish wish, out LimitDecision decision)
    {
        TokenWaiter? waiter;
        do
        {
            waiter = counter.Partition.Take(counter, wish, out decision);
        }
        while (waiter is null && !IsInTime(decision, wish.Count));

        return waiter;
    }

    /// <summary>The process may have stood still since the tokens were taken: then they are not used, and others are asked for.</summary>
    private bool IsInTime(in LimitDecision decision, long count)
    {
        if (Decisions.GrantOf(decision) is not { } grant || !grant.IsOver(_site.Clock.Now))
        {
            return true;
        }

        if (decision.Grant is Reservation reservation)
        {
            reservation.Settle(0);
        }
        else
        {
            grant.Void(count);
        }

        return false;
    }

    private LeasedCounter? Find(LimitRule rule, string? key, PolicyContext context, PublicationModel publication)
    {
        if (key is null)
        {
            var caller = new Caller(rule, context);
            return _callers.TryGetValue(caller, out var entry) && !entry.Counter.IsDropped ? entry.UsedIn(_round)
                : Keep(_callers, caller, CounterNames.OfCaller(_site.Options.Gateway, rule, context), rule, publication);
        }

        if (key.Length > LongestKeptKey)
        {
            return Make(CounterNames.OfKey(_site.Options.Gateway, rule, key), rule, publication);
        }

        var known = new Key(key, rule.Kind, rule.PeriodSeconds, rule.FirstPeriodStart);
        return _keys.TryGetValue(known, out var kept) && !kept.Counter.IsDropped ? kept.UsedIn(_round)
            : Keep(_keys, known, CounterNames.OfKey(_site.Options.Gateway, rule, key), rule, publication);
    }

    private LeasedCounter? Keep<T>(ConcurrentDictionary<T, Entry> entries, T key, in CounterName name, LimitRule rule, PublicationModel publication) where T : notnull
    {
        var counter = Make(name, rule, publication);
        if (counter is not null)
        {
            entries[key] = new(counter, _round);
        }

        return counter;
    }

    private LeasedCounter? Make(CounterName name, LimitRule rule, PublicationModel publication) => _partitions[name.Id.Partition].Find(
        name.Id,
        () => (new()
        {
            Limit = rule.Calls,
            PeriodMilliseconds = CounterTerms.WindowOf(rule),
            Publication = rule.IsPublished ? publication.Id : null,
            Quota = name.Period,
        }, name.Label));

    /// <summary>A key of a policy.</summary>
    private readonly record struct Key(string Text, LimitKind Kind, int PeriodSeconds, DateTimeOffset? Start);

    /// <summary>A caller's own counter of a limit. Its objects live as long as the part of the publication they come from.</summary>
    private readonly struct Caller(LimitRule rule, PolicyContext context) : IEquatable<Caller>
    {
        private readonly LimitRule _rule = rule;
        private readonly SubscriptionInfo _subscription = context.Subscription!;
        private readonly ProductInfo? _product = rule.Scope == PolicyScope.Product ? context.Product : null;
        private readonly ApiInfo? _api = rule.Scope is PolicyScope.Api or PolicyScope.Operation || rule.Part is not null ? context.Api : null;
        private readonly OperationInfo? _operation = rule.Scope == PolicyScope.Operation || rule.Part == PolicyScope.Operation ? context.Operation : null;

        public string Text => CounterNames.TextOf(_subscription, _product, _api, _operation);

        public bool Equals(Caller other) =>
            ReferenceEquals(_rule, other._rule) && ReferenceEquals(_subscription, other._subscription) && ReferenceEquals(_product, other._product)
            && ReferenceEquals(_api, other._api) && ReferenceEquals(_operation, other._operation);

        public override bool Equals(object? obj) => obj is Caller other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(
            RuntimeHelpers.GetHashCode(_rule), RuntimeHelpers.GetHashCode(_subscription), RuntimeHelpers.GetHashCode(_product),
            RuntimeHelpers.GetHashCode(_api), RuntimeHelpers.GetHashCode(_operation));
    }

    private sealed class Entry(LeasedCounter counter, int round)
    {
        private int _round = round;

        public LeasedCounter Counter { get; } = counter;

        /// <summary>The sweep before which it was used last.</summary>
        public int Round => Volatile.Read(ref _round);

        public LeasedCounter UsedIn(int round)
        {
            if (_round != round)
            {
                Volatile.Write(ref _round, round);
            }

            return Counter;
        }
    }
}
