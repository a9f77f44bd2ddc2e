using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>Heartbeats and what follows from silence.</summary>
public sealed record NodesSettings
{
    /// <summary>How often a node sends a full report; it also does when something changed.</summary>
    [Period("1s", "1h")] public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a node gives a sign of life.</summary>
    [Period("100ms", "10m")] public TimeSpan BeatPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node not heard of for this time is <c>stale</c>.</summary>
    [Period("1s", "1h")] public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A node not heard of for this time is <c>gone</c>.</summary>
    [Period("1s", "7d")] public TimeSpan GoneAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A node that is gone is no longer listed after this time.</summary>
    [Period("1s", "365d")] public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);
}
