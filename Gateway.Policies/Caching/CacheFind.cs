using System.Runtime.InteropServices;

namespace Gateway.Policies.Caching;

/// <summary>What a look into a cache found.</summary>
/// <param name="Entry">The entry; null when there is none, or it has expired.</param>
/// <param name="Result">Where it was.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheFind(CachedEntry? Entry, CacheResult Result)
{
    /// <summary>There is none.</summary>
    public static CacheFind Nothing => new(null, CacheResult.Miss);
}
