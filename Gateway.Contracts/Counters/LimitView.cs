namespace Gateway.Contracts.Counters;

/// <summary>One counter as operators see it.</summary>
[GenerateSerializer, Immutable, Alias("gw.LimitView")]
public sealed record LimitView
{
    /// <summary>The most holders that are listed.</summary>
    public const int MostHolders = 32;

    /// <summary>The counter.</summary>
    [Id(0)] public required CounterId Counter { get; init; }

    /// <summary>What it allows.</summary>
    [Id(1)] public required CounterDefinition Definition { get; init; }

    /// <summary>Tokens used within the window or period, as far as edges have told.</summary>
    [Id(2)] public required long Used { get; init; }

    /// <summary>Tokens that edges hold or have not accounted for. They count as gone.</summary>
    [Id(3)] public required long Lent { get; init; }

    /// <summary>The edges that have something of it, the greatest first; at most <see cref="MostHolders"/>.</summary>
    [Id(4)] public required LimitHolder[] Holders { get; init; }

    /// <summary>How many edges have something of it.</summary>
    [Id(5)] public required int HolderCount { get; init; }

    /// <summary>The silo that holds it.</summary>
    [Id(6)] public required string Silo { get; init; }

    /// <summary>What that silo relies on.</summary>
    [Id(7)] public required LendingMode Mode { get; init; }

    /// <summary>How operators find it; null when no edge that answered knows it, or the key is too long to be kept.</summary>
    [Id(8)] public CounterTitle? Title { get; init; }

    /// <summary>Of a quota: when its period started; null when that is not known.</summary>
    [Id(9)] public DateTimeOffset? Start { get; init; }

    /// <summary>Of a quota: when its period ends; null when that is not known, or never.</summary>
    [Id(10)] public DateTimeOffset? End { get; init; }

    /// <summary>
    /// What may pass beyond the limit in one window now; null when that is not bounded. Of a quota it holds for <c>on-outage="closed"</c>.
    /// </summary>
    [Id(11)] public long? Bound { get; init; }

    /// <summary>What comes on top once for each time that the store loses what it had acknowledged; 0 for a rate limit.</summary>
    [Id(12)] public long StoreLoss { get; init; }

    /// <summary>What is neither used nor lent.</summary>
    public long Remaining => Math.Max(0, Definition.Limit - Used - Lent);
}

/// <summary>What one edge has of one counter.</summary>
[GenerateSerializer, Immutable, Alias("gw.LimitHolder")]
public sealed record LimitHolder
{
    /// <summary>This life of the edge.</summary>
    [Id(0)] public required Guid Edge { get; init; }

    /// <summary>Its name; null when it did not say.</summary>
    [Id(1)] public string? Node { get; init; }

    /// <summary>Tokens lent to it, and not accounted for.</summary>
    [Id(2)] public required long Held { get; init; }

    /// <summary>Tokens that it used within the window; null for a quota, where nobody keeps that apart.</summary>
    [Id(3)] public long? Spent { get; init; }
}

/// <summary>How operators know a counter. It may hold what callers sent, such as a key: for operators only, never for logs or metrics.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="Kind"><c>rate-limit</c>, <c>rate-limit-by-key</c>, <c>quota-calls</c>, <c>quota-bandwidth</c> or <c>limit-concurrency</c>.</param>
/// <param name="Gateway">The gateway that counts.</param>
/// <param name="Key">The key, or <c>subscription:{id}</c> with the scope; cut as <see cref="QuotaLabel.Cut"/> does.</param>
[GenerateSerializer, Immutable, Alias("gw.CounterTitle")]
public sealed record CounterTitle(
    [property: Id(0)] CounterId Counter, [property: Id(1)] string Kind, [property: Id(2)] string Gateway, [property: Id(3)] string Key)
{
    /// <summary>The title of a quota's counter.</summary>
    public static CounterTitle Of(CounterId counter, QuotaLabel label) =>
        new(counter, label.Measure == QuotaMeasure.Calls ? "quota-calls" : "quota-bandwidth", label.Gateway, label.Key);
}

/// <summary>What an edge says of itself and of counters.</summary>
[GenerateSerializer, Immutable, Alias("gw.EdgeLimits")]
public sealed record EdgeLimits
{
    /// <summary>This life of the edge.</summary>
    [Id(0)] public required Guid Life { get; init; }

    /// <summary>The edge's name.</summary>
    [Id(1)] public required string Node { get; init; }

    /// <summary>How it decides now: <c>strict</c> with silos, else what it does without them when a policy does not say.</summary>
    [Id(2)] public required string Mode { get; init; }

    /// <summary>Requests that wait for tokens.</summary>
    [Id(3)] public required int Waiting { get; init; }

    /// <summary>What it may let pass in one window without tokens now, over all counters; null when that is not bounded.</summary>
    [Id(4)] public required long? Bound { get; init; }

    /// <summary>The names of those counters that were asked for and that it knows.</summary>
    [Id(5)] public required CounterTitle[] Titles { get; init; }
}
