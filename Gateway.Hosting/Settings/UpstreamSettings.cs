using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The hub of a federated site.</summary>
public sealed record UpstreamSettings
{
    /// <summary>The hub's management URL. Default: none, the site is its own hub.</summary>
    [HttpUrl] public string? Endpoint { get; init; }

    /// <summary>The gateway token that the hub gave out for this site.</summary>
    [Secret] public string? Token { get; init; }

    /// <summary>The longest time between two looks for a newer publication.</summary>
    [Period("1s", "1h")] public TimeSpan PollPeriod { get; init; } = TimeSpan.FromSeconds(10);
}
