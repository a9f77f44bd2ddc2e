using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>What an edge without any silo does with a limit whose tokens are spent.</summary>
public enum OnOutage
{
    /// <summary>Spends its share of what was last known to remain.</summary>
    LastSeen = 0,

    /// <summary>Refuses with 503.</summary>
    Closed = 1,

    /// <summary>Spends the share that the others leave it; of rate limits only.</summary>
    Escrow = 2,

    /// <summary>Lets everything pass.</summary>
    Open = 3,
}

/// <summary>What limits do when they cannot be decided.</summary>
public sealed record LimitsSettings
{
    /// <summary>Rate limits.</summary>
    public LimitSettings RateLimit { get; init; } = new();

    /// <summary>Quotas.</summary>
    public LimitSettings Quota { get; init; } = new() { OnOutage = OnOutage.Closed };

    /// <summary>How long a request waits for the decision of a limit before it is answered 503.</summary>
    [Period("0s", "1m")] public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>One kind of limit.</summary>
public sealed record LimitSettings
{
    /// <summary>What an edge without any silo does; a policy's own attribute <c>on-outage</c> wins.</summary>
    public OnOutage OnOutage { get; init; }
}

/// <summary>The counters behind limits.</summary>
public sealed record CountersSettings
{
    /// <summary>Test mode: each request that goes to a backend says in <c>X-Gateway-Admission</c> which tokens let it pass. Refused unless the edge listens on loopback only.</summary>
    public bool Stamp { get; init; }

    /// <summary>Counters that each of the site's 256 partitions holds at most. A further one gets no tokens until others have run out.</summary>
    [Between(1, 1_000_000)] public int MaxPerPartition { get; init; } = 4096;

    /// <summary>How long a silo may lend tokens without renewing its right to in the state store; a lost silo's partitions are taken over after it.</summary>
    [Period("500ms", "1m")] public TimeSpan LeaseLife { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a silo renews that right; at most a third of <c>LeaseLife</c>.</summary>
    [Period("100ms", "20s")] public TimeSpan LeasePeriod { get; init; } = TimeSpan.FromSeconds(1);
}
