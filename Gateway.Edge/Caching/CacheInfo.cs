namespace Gateway.Edge.Caching;

/// <summary>A <c>caches</c> resource: one object for as long as it does not change.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ConnectionString">How it is reached; secret.</param>
internal sealed record CacheInfo(string Id, string ConnectionString)
{
    /// <summary>Its id only.</summary>
    public override string ToString() => Id;
}
