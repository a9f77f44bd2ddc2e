namespace Gateway.Grains.Counters.Ledgers;

/// <summary>The places that one life of one edge holds of one limit of requests at the same time.</summary>
internal sealed class PlaceShare(Guid edge)
{
    /// <summary>The life of the edge.</summary>
    public Guid Edge { get; } = edge;

    /// <summary>The last call that counted.</summary>
    public long Sequence { get; set; }

    /// <summary>When it called last.</summary>
    public long HeardAt { get; set; } = long.MinValue / 2;

    /// <summary>Places that it holds, in use or not.</summary>
    public long Held { get; private set; }

    /// <summary>When they are lost to it, unless it calls.</summary>
    public long Expiry { get; private set; } = long.MinValue / 2;

    /// <summary>It holds so many until then.</summary>
    public void Hold(long count, long expiry) => (Held, Expiry) = (count, expiry);

    /// <summary>Ends what is over.</summary>
    /// <returns>How many places.</returns>
    public long Sweep(long now)
    {
        var lost = now >= Expiry ? Held : 0;
        Held -= lost;
        return lost;
    }
}
