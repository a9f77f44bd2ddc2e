using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Nodes;

/// <summary>What a node is.</summary>
public enum NodeRole
{
    /// <summary>Runs grains.</summary>
    Silo = 0,

    /// <summary>Proxies traffic.</summary>
    Edge = 1,
}

/// <summary>Where a node is in its life. The first three are the node's own word, the others follow from silence.</summary>
public enum NodeState
{
    /// <summary>Not ready yet.</summary>
    Starting = 0,

    /// <summary>Serving.</summary>
    Ready = 1,

    /// <summary>Finishing what it has, taking nothing new.</summary>
    Draining = 2,

    /// <summary>Not heard of for 10 s (<c>Gateway:Nodes:StaleAfter</c>).</summary>
    Stale = 3,

    /// <summary>Not heard of for 10 min (<c>Gateway:Nodes:GoneAfter</c>), or said good-bye.</summary>
    Gone = 4,
}

/// <summary>What a node says of itself.</summary>
[GenerateSerializer, Immutable, Alias("gw.NodeReport")]
public sealed record NodeReport
{
    /// <summary>The node's name, unique among the nodes of its role.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Silo or edge.</summary>
    [Id(1)] public required NodeRole Role { get; init; }

    /// <summary>The gateway it serves; silos serve all and say <c>managed</c>.</summary>
    [Id(2)] public required string Gateway { get; init; }

    /// <summary>The product version it runs.</summary>
    [Id(3)] public required string Version { get; init; }

    /// <summary>Starting, ready or draining.</summary>
    [Id(4)] public required NodeState State { get; init; }

    /// <summary>What it runs, or for a silo null.</summary>
    [Id(5)] public PublicationId? Publication { get; init; }

    /// <summary>When the process started.</summary>
    [Id(6)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Requests answered since the start.</summary>
    [Id(7)] public long Requests { get; init; }

    /// <summary>Of these, answers of 500 and up.</summary>
    [Id(8)] public long Errors { get; init; }

    /// <summary>Upper bounds of the latency buckets in ms are those of <see cref="LatencyBounds"/>; the last bucket is open.</summary>
    [Id(9)] public long[] LatencyCounts { get; init; } = [];

    /// <summary>Operator's labels (<c>Gateway:Edge:Labels</c>).</summary>
    [Id(10)] public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>What keeps the node from being ready, or a limitation it runs under; plain sentences.</summary>
    [Id(11)] public string[] Remarks { get; init; } = [];

    /// <summary>The gateway whose site the node belongs to, said by that site to its hub; null for the nodes of this site.</summary>
    [Id(12)] public string? Site { get; init; }

    /// <summary>When <see cref="Publication"/> came into force there; null without one.</summary>
    [Id(13)] public DateTimeOffset? PublicationSince { get; init; }

    /// <summary>The newest publication that it was offered since and could not put in force; null when none.</summary>
    [Id(14)] public PublicationId? Rejected { get; init; }

    /// <summary>Why; null when nothing was rejected.</summary>
    [Id(15)] public string? RejectedBecause { get; init; }

    /// <summary>Bounds of the latency sketch, ms (those of the reference product's histogram).</summary>
    public static IReadOnlyList<double> LatencyBounds { get; } = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];
}

/// <summary>A sign of life.</summary>
[GenerateSerializer, Immutable, Alias("gw.NodeBeat")]
public sealed record NodeBeat(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] NodeState State,
    [property: Id(2)] PublicationId? Publication);

/// <summary>A node as the site sees it.</summary>
[GenerateSerializer, Immutable, Alias("gw.NodeStatus")]
public sealed record NodeStatus(
    [property: Id(0)] NodeReport Report,
    [property: Id(1)] DateTimeOffset LastSeen);
