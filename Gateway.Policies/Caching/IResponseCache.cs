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
    ValueTask<CacheFind> FindAsync(CachingType type, ResponseKey key, string? api, string? operation);

    /// <summary>Keeps an entry until it expires, in the place of one that is there.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry.</param>
    void Store(CachingType type, ResponseKey key, CachedEntry entry);

    /// <summary>For so long at most a request waits for another that makes the response which it misses.</summary>
    TimeSpan RefillWait { get; }

    /// <summary>Asks who makes a missing response, so that one request to the backend serves all that miss it.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key that is missing.</param>
    /// <param name="finished">Ends when the one that makes it is through; only for who waits.</param>
    RefillTurn BeginRefill(CachingType type, ResponseKey key, out Task finished);

    /// <summary>Told once by the one that makes a response, whatever became of it.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="isNeverKept">True when the response is of a kind that is not kept: for a while nobody waits for another of it.</param>
    void EndRefill(CachingType type, ResponseKey key, bool isNeverKept);

    /// <summary>Asks for memory for a response that is coming in. What was given is given back with <see cref="Release"/>.</summary>
    /// <param name="bytes">How much more.</param>
    /// <returns>False when too many are coming in already: this one is not kept.</returns>
    bool TryReserve(long bytes);

    /// <summary>Gives memory back.</summary>
    void Release(long bytes);
}
