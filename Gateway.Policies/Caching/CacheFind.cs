using System.Runtime.InteropServices;

namespace Gateway.Policies.Caching;

/// <summary>What a look into a cache found.</summary>
/// <param name="Entry">The entry; null when there is none, or it has expired.</param>
/// <param name="Result">Where it was.</param>
/// <param name="Epoch">The epoch of what is begun now, for an entry that the request may leave; null when it is not known: then it leaves none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheFind(CachedEntry? Entry, CacheResult Result, long? Epoch)
{
    /// <summary>There is none.</summary>
    public static CacheFind Nothing(long? epoch) => new(null, CacheResult.Miss, epoch);
}
