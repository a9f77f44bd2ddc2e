namespace Gateway.Grains.Nodes;

/// <summary>What follows from the silence of a node.</summary>
public sealed record NodeOptions
{
    /// <summary>How often nodes send a full report, which is also how far the stored time of the last word may lag behind.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After this silence a node is stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this silence a node of another site, which is heard of once a minute, is stale.</summary>
    public TimeSpan SiteStaleAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>After this silence a node is gone.</summary>
    public TimeSpan GoneAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After this silence a node is no longer listed.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The clock that silence is measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
