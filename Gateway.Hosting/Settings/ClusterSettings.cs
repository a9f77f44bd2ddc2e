using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>
/// Timings of the cluster of silos and of the edges' connections to it. The defaults move work off a killed silo in about 2 s and off a hung one in about 12 s;
/// shorter ones risk that a starved but healthy silo is voted out.
/// </summary>
public sealed record ClusterSettings
{
    /// <summary>How long a silo waits for the answer to a probe of another silo.</summary>
    [Period("100ms", "1m")] public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Unanswered probes in a row after which a silo votes that the other is dead.</summary>
    [Between(1, 100)] public int MissedProbes { get; init; } = 2;

    /// <summary>Votes that declare a silo dead. 2 is safer with three silos or more.</summary>
    [Between(1, 10)] public int VotesForDeath { get; init; } = 1;

    /// <summary>How often a silo reads the list of silos.</summary>
    [Period("500ms", "10m")] public TimeSpan TableRefreshPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo writes to the list that it is alive.</summary>
    [Period("500ms", "10m")] public TimeSpan AlivePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The bound of a call between nodes, unless a call has its own.</summary>
    [Period("200ms", "5m")] public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo remembers an edge that has no connection.</summary>
    [Period("1s", "1h")] public TimeSpan ClientDropTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often an edge looks for silos that it does not know yet; DNS names are resolved again then.</summary>
    [Period("200ms", "10m")] public TimeSpan SiloListPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The bound of one connection attempt.</summary>
    [Period("100ms", "1m")] public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause between connection attempts.</summary>
    [Period("50ms", "1m")] public TimeSpan ConnectRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
}
