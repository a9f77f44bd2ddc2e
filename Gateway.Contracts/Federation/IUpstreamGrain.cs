using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Federation;

/// <summary>The one grain of a federated site that talks to its hub. Key: <see cref="CatalogKeys.Service"/>.</summary>
[Alias("gw.IUpstreamGrain")]
public interface IUpstreamGrain : IGrainWithStringKey
{
    /// <summary>How the site stands to its hub. The call also keeps the grain at work.</summary>
    [Alias("Status")]
    Task<UpstreamStatus> Status();

    /// <summary>
    /// Lets the next publication of the hub be of another hub, or older: its key and its lineage are taken as those of a first one. What is in
    /// force stays until then.
    /// </summary>
    [Alias("Reset")]
    Task Reset();
}

/// <summary>How a site stands to its hub.</summary>
[GenerateSerializer, Immutable, Alias("gw.UpstreamStatus")]
public sealed record UpstreamStatus
{
    /// <summary>The hub's address.</summary>
    [Id(0)] public required string Endpoint { get; init; }

    /// <summary>True when the hub gave a good answer to the last question.</summary>
    [Id(1)] public bool IsConnected { get; init; }

    /// <summary>When it last did; null when it has not since the grain began.</summary>
    [Id(2)] public DateTimeOffset? LastContact { get; init; }

    /// <summary>The hub's publication that the site has; null when none.</summary>
    [Id(3)] public PublicationId? Publication { get; init; }

    /// <summary>Why the last question got no good answer, as a sentence; null when it did, or when none was asked yet.</summary>
    [Id(4)] public string? Fault { get; init; }

    /// <summary>The gateway that the token is for; null when there is no token.</summary>
    [Id(5)] public string? Gateway { get; init; }

    /// <summary>When the token ends by its own word; null when there is none.</summary>
    [Id(6)] public DateTimeOffset? TokenExpiry { get; init; }

    /// <summary>The fingerprint of the hub's key that publications must be signed with, or with one that it signed; null before the first.</summary>
    [Id(7)] public string? TrustedKey { get; init; }
}
