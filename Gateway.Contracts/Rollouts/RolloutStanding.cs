using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Rollouts;

/// <summary>How the trying of publications stands.</summary>
[GenerateSerializer, Immutable, Alias("gw.RolloutStanding")]
public sealed record RolloutStanding
{
    /// <summary>The rule; null when every publication goes to all edges at once.</summary>
    [Id(0)] public RolloutRule? Rule { get; init; }

    /// <summary>The publication that all edges may run; null before the first.</summary>
    [Id(1)] public PublicationId? Promoted { get; init; }

    /// <summary>The newer one that is being tried; null when none is.</summary>
    [Id(2)] public PublicationId? Staged { get; init; }

    /// <summary>The edges that run it.</summary>
    [Id(3)] public string[] Nodes { get; init; } = [];

    /// <summary>What these edges have answered under it.</summary>
    [Id(4)] public long Requests { get; init; }

    /// <summary>Of these, answers of 500 and up.</summary>
    [Id(5)] public long Errors { get; init; }

    /// <summary>Which publication was taken back last and why, as a sentence; null when none was.</summary>
    [Id(6)] public string? TakenBack { get; init; }
}
