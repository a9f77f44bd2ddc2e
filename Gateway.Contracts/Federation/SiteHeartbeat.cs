using System.Text.Json.Serialization;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Federation;

/// <summary>What a site tells its hub once a minute: one message for all its nodes. Wire, over HTTP as JSON.</summary>
[GenerateSerializer, Immutable, Alias("gw.SiteHeartbeat")]
public sealed record SiteHeartbeat
{
    /// <summary>Nodes at most; what is beyond is left out.</summary>
    public const int MaximumNodes = 1000;

    /// <summary>Bytes of the JSON at most.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>The hub's publication that the site has; null when none.</summary>
    [Id(0)] public PublicationId? Publication { get; init; }

    /// <summary>The site's nodes. The publication of each is the hub's that what it runs was made of; null when that is not known.</summary>
    [Id(1)] public NodeReport[] Nodes { get; set; } = [];

    /// <summary>How many seconds ago each node was heard, in the order of the nodes: the clocks of site and hub need not agree.</summary>
    [Id(2)] public double[] SilentSeconds { get; set; } = [];
}

/// <summary>The JSON of what sites tell their hub.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, MaxDepth = 16)]
[JsonSerializable(typeof(SiteEvents))]
[JsonSerializable(typeof(SiteHeartbeat))]
public sealed partial class FederationJson : JsonSerializerContext;
