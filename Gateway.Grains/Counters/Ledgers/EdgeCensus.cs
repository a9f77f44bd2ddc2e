namespace Gateway.Grains.Counters.Ledgers;

/// <summary>How many edges share the limits of a partition, and how many of them nobody could ask what their shares are.</summary>
internal sealed class EdgeCensus
{
    private const int FewestEdges = 2;

    /// <summary>Edges that the site has heard lately. Whoever holds the partition sets it.</summary>
    public int Edges { get; set; }

    /// <summary>Edges of which a partition that has begun anew has heard nothing yet.</summary>
    public int Absent { get; set; }

    /// <summary>Until then an edge of which nothing was heard may have places that it does not tell of.</summary>
    public long UnsureUntil { get; set; } = long.MinValue;

    /// <summary>Set once an edge has asked for a share of any counter of the partition.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The share of one edge for times without silos: at most half, so that the rest never waits for an edge that is gone.</summary>
    public long ShareOf(long limit) => limit / Math.Max(FewestEdges, Edges);
}
