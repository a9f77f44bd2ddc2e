namespace Gateway.Policies.Execution;

/// <summary>
/// Where policies keep values between requests. It may forget anything at any time, and is never in the way: a cache that cannot be reached has
/// nothing, and takes nothing.
/// </summary>
public interface IValueCache
{
    /// <summary>The value of a key; null when there is none.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key: 1 to <see cref="MaximumKeyLength"/> characters.</param>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key);

    /// <summary>Keeps a value, in the place of one that is there. It may be seen only some time later.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not changed any more.</param>
    /// <param name="duration">How long at most; above zero.</param>
    /// <param name="age">How long ago the request began that made it: a purge since then ends it.</param>
    /// <returns>Ends when other nodes find it; with false when they do not. Nobody has to wait for it.</returns>
    Task<bool> Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration, TimeSpan age);

    /// <summary>Forgets the value of a key.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the cache could not be reached.</returns>
    ValueTask<bool> RemoveAsync(CachingType type, string key);

    /// <summary>The longest key in characters.</summary>
    const int MaximumKeyLength = 4100;
}

/// <summary>Which cache a policy means.</summary>
public enum CachingType
{
    /// <summary>The external one when there is one, else the gateway's own.</summary>
    PreferExternal,

    /// <summary>The gateway's own.</summary>
    Internal,

    /// <summary>The external one: without one nothing is found and nothing kept.</summary>
    External,
}
