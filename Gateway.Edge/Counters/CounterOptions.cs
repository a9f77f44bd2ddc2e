using Gateway.Hosting.Settings;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>How an edge takes part in counting. The host fills it from its settings.</summary>
public sealed record CounterOptions
{
    /// <summary>The gateway whose calls are counted; part of every counter's name.</summary>
    public string Gateway { get; init; } = "managed";

    /// <summary>The edge's name, for operators.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>How long a request waits for a token.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a rate limit does without any silo when its policy does not say.</summary>
    public LimitOutage OnOutage { get; init; } = LimitOutage.LastSeen;

    /// <summary>What a quota does then.</summary>
    public LimitOutage QuotaOutage { get; init; } = LimitOutage.Closed;

    /// <summary>True: every forwarded request says in <c>X-Gateway-Admission</c> which tokens let it pass. For tests.</summary>
    public bool Stamp { get; init; }

    /// <summary>How long the tokens asked for at once should last, where their lease lives for that long.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Tokens of rate limits of so many and more are asked for ahead of the requests: one that is in hand for nothing is a small part of such a limit.</summary>
    public int AheadFrom { get; init; } = 500;

    /// <summary>After this time without an answer a call is sent once more.</summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a call that failed.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Without an open connection to a silo for this time the edge is in outage.</summary>
    public TimeSpan ConnectionOutage { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Without an answer to what was asked for this time the edge is in outage.</summary>
    public TimeSpan AnswerOutage { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an edge that ends waits for partitions to hear what it gives back. What they do not hear of ends by itself.</summary>
    public TimeSpan QuitPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often leases are looked after.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Tokens of a quota, which are valid until its period ends, go back when none was used for this time.</summary>
    public TimeSpan IdleQuotaLease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often counters that nobody uses any more are looked for.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most counters that are kept. Whoever chooses keys can make as many as he likes; over this, requests with new keys are refused.</summary>
    public int MaximumCounters { get; init; } = 100_000;

    /// <summary>The most requests that wait for a token.</summary>
    public int MaximumWaiters { get; init; } = 20_000;

    /// <summary>The options that the settings of the process give.</summary>
    public static CounterOptions From(GatewaySettings settings) => new()
    {
        Gateway = settings.GatewayId,
        Node = settings.NodeName,
        MaxWait = settings.Limits.MaxWait,
        OnOutage = Outage(settings.Limits.RateLimit),
        QuotaOutage = Outage(settings.Limits.Quota),
        Stamp = settings.Counters.Stamp,
    };

    private static LimitOutage Outage(LimitSettings settings) => settings.OnOutage switch
    {
        Hosting.Settings.OnOutage.Closed => LimitOutage.Closed,
        Hosting.Settings.OnOutage.Open => LimitOutage.Open,
        Hosting.Settings.OnOutage.Escrow => LimitOutage.Escrow,
        _ => LimitOutage.LastSeen,
    };
}
