using Gateway.Policies.Execution;

namespace Gateway.Policies.Caching;

/// <summary>
/// Where responses are kept between requests. It may forget anything at any time, and is never in the way: a cache that cannot be reached has nothing, and
/// takes nothing.
/// </summary>
public interface IResponseCache
{
    /// <summary>The longest entry in bytes.</summary>
    int MaximumEntryBytes { get; }

    /// <summary>The entry of a key.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="api">The API that the request is for: its responses may be purged.</param>
    /// <param name="operation">The operation that the request is for.</param>
    /// <param name="isAnew">True: an old entry in memory does not count, as another node may have made a new one.</param>
    ValueTask<CacheFind> FindAsync(CachingType type, ResponseKey key, string? api, string? operation, bool isAnew);

    /// <summary>Told once of each request that looked for a response.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="context">The request.</param>
    /// <param name="isHit">True when it was there.</param>
    void Note(CachingType type, ResponseKey key, PolicyContext context, bool isHit);

    /// <summary>Keeps an entry until it expires, in the place of one that is there.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>Ends when other nodes find it; with false when they do not. Nobody has to wait for it.</returns>
    Task<bool> Store(CachingType type, ResponseKey key, CachedEntry entry);

    /// <summary>Asks for memory for a response that is coming in. What was given is given back with <see cref="Release"/>.</summary>
    /// <param name="bytes">How much more.</param>
    /// <returns>False when too many are coming in already: this one is not kept.</returns>
    bool TryReserve(long bytes);

    /// <summary>Gives memory back.</summary>
    void Release(long bytes);
}
